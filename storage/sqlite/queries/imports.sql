-- Imports as jobs. A job is known by its tenant and its id together; only what the worker and the
-- operator ask spans tenants.

-- name: job_columns
id, tenant, request, title, state, asked_by, created_at, tell, channel, post, posting_at, message,
attempts, reason, episode_id

-- name: own_job
id = :job AND tenant = :tenant

-- name: claimed_job
id = :job AND tenant = :tenant AND owner = :owner AND leased_until IS NOT NULL

-- name: count_waiting
SELECT count(*) FROM import_job
WHERE tenant = :tenant AND key <> :key AND state IN ('proposed', 'queued', 'running')

-- name: propose_job
INSERT INTO import_job (tenant, key, request, title, state, asked_by, created_at, due_at)
VALUES (:tenant, :key, :request, :title, 'proposed', :asked_by, :now, :now)
ON CONFLICT (tenant, key) DO UPDATE SET
    request = excluded.request, title = excluded.title, state = 'proposed', asked_by = excluded.asked_by,
    created_at = excluded.created_at, due_at = excluded.due_at, tell = 0, channel = '', post = '',
    posting_at = NULL, message = '', attempts = 0, owner = '', leased_until = NULL,
    called_off = 0, reason = ''
WHERE state NOT IN ('queued', 'running')

-- name: job_by_key
SELECT {job_columns} FROM import_job WHERE tenant = :tenant AND key = :key

-- name: keep_document
INSERT INTO document (digest, body) VALUES (:digest, :body) ON CONFLICT DO NOTHING

-- name: keep_part
INSERT INTO import_part (job_id, place, digest) VALUES (:job, :place, :digest)
ON CONFLICT DO NOTHING

-- name: job
SELECT {job_columns} FROM import_job WHERE {own_job}

-- name: jobs
SELECT {job_columns} FROM import_job WHERE tenant = :tenant AND state <> 'proposed'
ORDER BY created_at DESC, id DESC LIMIT :limit

-- name: confirm_job
UPDATE import_job SET
    state = 'queued', tell = :tell, channel = :channel, asked_by = :asked_by, created_at = :now,
    due_at = :now, attempts = 0, post = iif(:channel = '', '', 'wanted')
WHERE {own_job} AND state = 'proposed'

-- name: call_off
UPDATE import_job SET called_off = 1 WHERE {own_job} AND state = 'running'

-- name: cancel_job
-- Where nothing was posted yet, nothing is.
UPDATE import_job SET
    state = 'cancelled', due_at = :now, reason = '', post = iif(post = 'wanted', 'ended', post)
WHERE {own_job} AND state IN ('queued', 'parked')

-- name: drop_proposal
DELETE FROM import_job WHERE {own_job} AND state = 'proposed'

-- name: retry_job
UPDATE import_job SET
    state = 'queued', due_at = :now, attempts = 0, reason = '', called_off = 0,
    owner = '', leased_until = NULL, post = iif(post = 'ended' AND message <> '', 'there', post)
WHERE {own_job} AND state = 'parked'

-- name: due_job
SELECT {job_columns} FROM import_job
WHERE (state IN ('queued', 'running') OR post IN ('wanted', 'begun', 'there'))
AND (due_at <= :now OR due_at > :ahead)
-- Free, or held until so far ahead that the clock must have been wrong when that was noted.
AND (leased_until IS NULL OR leased_until < :now OR leased_until > :lease_ahead)
ORDER BY due_at, id LIMIT 1

-- name: claim_job
UPDATE import_job SET
    owner = :owner, leased_until = :until,
    attempts = attempts + (state IN ('queued', 'running')),
    state = iif(state = 'queued', 'running', state)
WHERE {own_job}

-- name: hold_job
UPDATE import_job SET leased_until = :until WHERE {claimed_job} AND called_off = 0

-- name: is_called_off
SELECT 1 FROM import_job WHERE {claimed_job} AND called_off = 1

-- name: documents
SELECT document.body FROM import_part JOIN document USING (digest)
WHERE job_id = (SELECT id FROM import_job WHERE {own_job}) ORDER BY place

-- name: begin_post
UPDATE import_job SET post = 'begun', posting_at = coalesce(posting_at, :now) WHERE {claimed_job}
RETURNING posting_at

-- name: note_post
-- With its end told, or nowhere to tell it, nothing of an ended job is left to be done.
UPDATE import_job SET
    post = :post, message = iif(:message = '', message, :message),
    owner = iif(:post = 'ended' AND state <> 'running', '', owner),
    leased_until = iif(:post = 'ended' AND state <> 'running', NULL, leased_until)
WHERE {claimed_job}

-- name: still_to_tell
-- What is called off before anything was shown is not told.
:state <> 'queued' AND post IN ('wanted', 'begun', 'there')
AND NOT (:state = 'cancelled' AND post = 'wanted')

-- name: settle_job
UPDATE import_job SET
    state = :state, due_at = :due_at, reason = :reason,
    episode_id = coalesce(:episode, episode_id),
    attempts = iif(:state IN ('done', 'cancelled'), 0, attempts), called_off = 0,
    post = iif(:state = 'cancelled' AND post = 'wanted', 'ended', post),
    owner = iif({still_to_tell}, owner, ''),
    leased_until = iif({still_to_tell}, leased_until, NULL)
WHERE {claimed_job} AND state = 'running'
RETURNING tell

-- name: release_job
UPDATE import_job SET
    state = iif(state = 'running', 'queued', state),
    attempts = max(attempts - (state = 'running'), 0),
    due_at = :due_at, owner = '', leased_until = NULL
WHERE {claimed_job}

-- name: watch_everywhere
INSERT INTO watched_episode (schedule_id, episode_id)
SELECT schedule.id, episode.id FROM schedule, episode
WHERE schedule.tenant = :tenant AND schedule.is_on = 1
AND episode.id = :episode AND episode.tenant IN (:tenant, 'public')
ORDER BY schedule.id
ON CONFLICT DO NOTHING

-- name: drop_parts
-- What has ended needs no documents any more; what is parked may be tried again.
DELETE FROM import_part WHERE job_id IN (
    SELECT id FROM import_job WHERE tenant = :tenant AND id = :job
    AND state IN ('done', 'cancelled')
)

-- name: drop_documents
DELETE FROM document WHERE digest NOT IN (SELECT digest FROM import_part)

-- name: forget_jobs
DELETE FROM import_job
WHERE (state = 'proposed' AND created_at < :proposed_before)
OR (state IN ('done', 'parked', 'cancelled') AND created_at < :ended_before)

-- name: job_counts
SELECT state, count(*) FROM import_job GROUP BY state

-- name: parked_jobs
SELECT {job_columns} FROM import_job WHERE state = 'parked'
ORDER BY created_at DESC, id DESC LIMIT :limit
