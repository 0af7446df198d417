-- Feeds that are followed, and their items. A feed is known by its tenant and its id together;
-- only what the worker and the operator ask spans tenants.

-- name: feed_columns
feed.id, feed.tenant, feed.url, feed.title, feed.state, feed.set_by, feed.followed_at,
feed.next_at, feed.begun, feed.checked_at, feed.failures, feed.reason, feed.etag,
feed.last_modified

-- name: item_counts
(SELECT json_group_object(state, number) FROM (
    SELECT state, count(*) AS number FROM feed_item WHERE feed_id = feed.id GROUP BY state
))

-- name: own_feed
id = :feed AND tenant = :tenant

-- name: claimed_feed
id = :feed AND tenant = :tenant AND owner = :owner AND leased_until IS NOT NULL AND state = 'on'

-- name: count_feeds
SELECT count(*) FROM feed WHERE tenant = :tenant AND url <> :url

-- name: forget_proposed_feeds
DELETE FROM feed WHERE tenant = :tenant AND state = 'proposed' AND followed_at < :before

-- name: propose_feed
INSERT INTO feed (tenant, url, title, state, set_by, followed_at, next_at, due_at)
VALUES (:tenant, :url, :title, 'proposed', :set_by, :now, :now, :now)
ON CONFLICT (tenant, url) DO NOTHING

-- name: feed_by_url
SELECT {feed_columns}, {item_counts} FROM feed WHERE tenant = :tenant AND url = :url

-- name: feed
SELECT {feed_columns}, {item_counts} FROM feed WHERE {own_feed}

-- name: feeds
SELECT {feed_columns}, {item_counts} FROM feed WHERE tenant = :tenant AND state <> 'proposed'
ORDER BY id

-- name: follow_feed
-- What came while it was not looked at is no news.
UPDATE feed SET
    state = 'on', set_by = :set_by, followed_at = :now, next_at = :now, due_at = :now,
    begun = 0, failures = 0, reason = '', etag = '', last_modified = '', owner = '',
    leased_until = NULL
WHERE {own_feed} AND state <> 'on'

-- name: try_items_again
UPDATE feed_item SET
    state = 'queued', attempts = 0, failures = 0, due_at = :now, reason = '', tell = 0
WHERE feed_id = (SELECT id FROM feed WHERE {own_feed}) AND state = 'parked' AND plan <> ''

-- name: stop_feed
UPDATE feed SET state = 'stopped', reason = '', owner = '', leased_until = NULL
WHERE {own_feed} AND state <> 'proposed'

-- name: due_feed
SELECT {feed_columns}, '{}' FROM feed
WHERE state = 'on' AND (due_at <= :now OR due_at > :ahead)
AND (leased_until IS NULL OR leased_until < :now OR leased_until > :lease_ahead)
ORDER BY due_at, id LIMIT 1

-- name: claim_feed
UPDATE feed SET owner = :owner, leased_until = :until WHERE {own_feed}

-- name: hold_feed
UPDATE feed SET leased_until = :until WHERE {claimed_feed}

-- name: known_items
SELECT i.id, i.guid, i.digest, i.media_key, i.likeness, i.state = 'done' AND i.episode_id IS NULL
FROM feed_item AS i JOIN feed ON feed.id = i.feed_id
WHERE feed.id = :feed AND feed.tenant = :tenant ORDER BY i.id

-- name: add_item
INSERT INTO feed_item (feed_id, guid, digest, media_key, likeness, state, tell, plan, due_at, reason)
VALUES (
    :feed, :guid, :digest, :media_key, :likeness, iif(:reason = '', 'queued', 'skipped'),
    :tell, iif(:reason = '', :plan, ''), :now, :reason
)
ON CONFLICT DO NOTHING

-- name: change_item
-- What digests were told of once is not news again for a schedule that began since.
UPDATE OR IGNORE feed_item SET
    guid = :guid, digest = :digest, media_key = :media_key, likeness = :likeness,
    tell = iif(state = 'done', 0, tell),
    state = iif(:reason = '', 'queued', iif(state = 'done', 'done', 'skipped')),
    plan = iif(:reason = '', :plan, ''), attempts = 0, failures = 0, due_at = :now,
    reason = :reason
WHERE id = :item AND feed_id = :feed

-- name: note_look
UPDATE feed SET
    title = iif(:title = '', title, :title), etag = :etag, last_modified = :last_modified,
    begun = 1, checked_at = :now, next_at = :next_at, failures = 0, reason = ''
WHERE {claimed_feed}

-- name: note_failure
UPDATE feed SET
    failures = failures + 1, reason = :reason, checked_at = :now, next_at = :next_at,
    state = iif(:pause, 'paused', state),
    owner = iif(:pause, '', owner), leased_until = iif(:pause, NULL, leased_until)
WHERE {claimed_feed}

-- name: next_item
UPDATE feed_item SET attempts = attempts + 1 WHERE id = (
    SELECT id FROM feed_item
    WHERE feed_id = (SELECT id FROM feed WHERE {claimed_feed})
    AND state = 'queued' AND due_at <= :now ORDER BY due_at, id LIMIT 1
)
RETURNING id, plan, tell, attempts, failures

-- name: park_item
UPDATE feed_item SET state = 'parked', attempts = 0, plan = '', reason = :reason
WHERE id = :item AND feed_id = (SELECT id FROM feed WHERE {claimed_feed})

-- name: is_to_be_told
SELECT tell FROM feed_item WHERE id = :item AND state = 'queued'
AND feed_id = (SELECT id FROM feed WHERE {claimed_feed})

-- name: settle_item
UPDATE feed_item SET
    state = :state, due_at = coalesce(:due_at, due_at), reason = :reason,
    episode_id = coalesce(:episode, episode_id), tell = iif(:episode IS NULL, tell, 0),
    attempts = 0, failures = iif(:state = 'queued', failures + 1, 0),
    plan = iif(:state IN ('queued', 'parked'), plan, '')
WHERE id = :item AND state = 'queued'
AND feed_id = (SELECT id FROM feed WHERE {claimed_feed})
RETURNING id

-- name: end_items_of
-- Whatever waits to bring a removed episode up to date would bring it back.
UPDATE feed_item SET state = 'done', plan = '', attempts = 0, failures = 0
WHERE episode_id = :episode AND state <> 'done'

-- name: release_feed
UPDATE feed SET owner = '', leased_until = NULL, due_at = min(next_at, coalesce(
    (SELECT min(due_at) FROM feed_item WHERE feed_id = :feed AND state = 'queued'), next_at
))
WHERE {claimed_feed}

-- name: feed_counts
SELECT state, count(*) FROM feed GROUP BY state

-- name: paused_feeds
SELECT {feed_columns}, '{}' FROM feed WHERE state = 'paused' ORDER BY id LIMIT :limit
