-- Small things remembered between invocations. An episode that the tenant does not see is not
-- remembered, and an unknown one neither, so that the two cannot be told apart.

-- name: remember_card
INSERT INTO last_card (tenant, channel, user, episode_id, shown_at)
SELECT :tenant, :channel, :user, id, :at FROM episode
WHERE id = :episode AND tenant IN (:tenant, 'public')
ON CONFLICT DO UPDATE SET episode_id = excluded.episode_id, shown_at = excluded.shown_at
WHERE excluded.shown_at >= last_card.shown_at

-- name: forget_cards
DELETE FROM last_card WHERE shown_at < :before

-- name: last_episode
SELECT episode_id FROM last_card
WHERE tenant = :tenant AND channel = :channel AND user = :user AND shown_at > :since

-- name: set_default_episode
INSERT INTO channel_default (tenant, channel, episode_id)
SELECT :tenant, :channel, id FROM episode
WHERE id = :episode AND tenant IN (:tenant, 'public')
ON CONFLICT DO UPDATE SET episode_id = excluded.episode_id

-- name: default_episode
SELECT episode_id FROM channel_default WHERE tenant = :tenant AND channel = :channel

-- name: keep_text
INSERT INTO kept_text (tenant, token, text, kept_at) VALUES (:tenant, :token, :text, :at)
ON CONFLICT DO NOTHING

-- name: kept_text
SELECT text FROM kept_text WHERE tenant = :tenant AND token = :token

-- name: claim_share
INSERT INTO share_claim (tenant, card, claimed_at) VALUES (:tenant, :card, :at)
ON CONFLICT DO UPDATE SET claimed_at = :at WHERE posted = 0 AND claimed_at < :lapsed

-- name: confirm_share
UPDATE share_claim SET posted = 1 WHERE tenant = :tenant AND card = :card

-- name: release_share
DELETE FROM share_claim WHERE tenant = :tenant AND card = :card
