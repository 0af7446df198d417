-- name: summary
SELECT state, text, until FROM summary WHERE tenant = :tenant AND key = :key;

-- name: calls_of_day
SELECT calls FROM model_use WHERE day = :day AND tenant = :payer;

-- name: forget_other_summaries
-- One a segment and tenant: what a text was before it was edited is not kept.
DELETE FROM summary
WHERE tenant = :tenant AND segment_id = :segment AND key <> :key AND state <> 'asked';

-- name: claim_summary
-- Only for a segment that is (still) there.
INSERT INTO summary (tenant, key, segment_id, state, owner, until)
SELECT :tenant, :key, id, 'asked', :owner, :until FROM segment WHERE id = :segment
ON CONFLICT (tenant, key) DO UPDATE
SET state = 'asked', owner = excluded.owner, until = excluded.until;

-- name: keep_summary
INSERT INTO summary (tenant, key, segment_id, state, owner, text)
SELECT :tenant, :key, id, 'there', '', :text FROM segment WHERE id = :segment
ON CONFLICT (tenant, key) DO UPDATE
SET state = 'there', until = NULL, text = excluded.text WHERE state <> 'there';

-- name: rest_summary
UPDATE summary SET state = 'resting', until = :until
WHERE tenant = :tenant AND key = :key AND state = 'asked' AND owner = :owner;

-- name: add_use
INSERT INTO model_use (day, tenant, calls, failures, tokens_in, tokens_out)
VALUES (:day, :payer, max(:calls, 0), :failures, :tokens_in, :tokens_out)
ON CONFLICT (day, tenant) DO UPDATE
SET calls = max(calls + :calls, 0),
    failures = failures + excluded.failures,
    tokens_in = tokens_in + excluded.tokens_in,
    tokens_out = tokens_out + excluded.tokens_out;

-- name: forget_use
DELETE FROM model_use WHERE day < :before;

-- name: use_of_day
SELECT sum(calls), sum(failures), sum(tokens_in), sum(tokens_out)
FROM model_use WHERE day = :day;
