-- Schedules of daily digests and what became of their turns. A schedule is known by its tenant
-- and its id together; only what the worker asks spans tenants.

-- name: schedule_columns
id, tenant, channel, at, zone, when_empty, set_by, first_day, is_on, paused

-- name: own_schedule
(SELECT id FROM schedule WHERE id = :schedule AND tenant = :tenant)

-- name: put_schedule
INSERT INTO schedule (tenant, channel, at, zone, when_empty, set_by, first_day, due_at)
VALUES (:tenant, :channel, :at, :zone, :when_empty, :set_by, :first_day, :due_at)
ON CONFLICT DO UPDATE SET
    at = excluded.at, zone = excluded.zone, when_empty = excluded.when_empty,
    set_by = excluded.set_by, first_day = excluded.first_day, due_at = excluded.due_at,
    is_on = 1, paused = ''

-- name: turn_off
UPDATE schedule SET is_on = 0 WHERE tenant = :tenant AND channel = :channel AND is_on = 1

-- name: schedule
SELECT {schedule_columns} FROM schedule WHERE tenant = :tenant AND channel = :channel

-- name: due_schedules
SELECT {schedule_columns} FROM schedule
WHERE platform IN (SELECT value FROM json_each(:platforms)) AND is_on = 1
-- Or due so far ahead that the clock must have been wrong when that was noted.
AND (due_at <= :now OR due_at > :ahead)
ORDER BY due_at, id LIMIT :limit

-- name: paused
SELECT paused FROM schedule WHERE id = :schedule AND tenant = :tenant

-- name: pause
UPDATE schedule SET paused = :reason WHERE id = :schedule AND tenant = :tenant

-- name: resume
UPDATE schedule SET paused = '' WHERE id = :schedule AND tenant = :tenant

-- name: postpone
-- One that is due later was changed meanwhile, and keeps what it was changed to.
UPDATE schedule SET due_at = :due_at
WHERE id = :schedule AND tenant = :tenant AND (due_at <= :now OR due_at > :ahead)

-- name: watch_episode
INSERT INTO watched_episode (schedule_id, episode_id)
SELECT schedule.id, episode.id FROM schedule, episode
WHERE schedule.id = :schedule AND schedule.tenant = :tenant
AND episode.id = :episode AND episode.tenant IN (:tenant, 'public')
ON CONFLICT DO NOTHING

-- name: told_source
-- Delivered, or perhaps delivered.
delivered_moment AS told JOIN delivery USING (schedule_id, day)
WHERE schedule_id = {own_schedule} AND state IN ('sending', 'posted', 'doubt')

-- name: fresh_source
watched_episode AS v
JOIN {moment_source}
WHERE v.schedule_id = {own_schedule} AND s.episode_id = v.episode_id
AND {told_of}
AND s.id NOT IN (SELECT segment_id FROM {told_source} AND day IS NOT :before)

-- name: told_of
-- Notes tell more than the chapters of the same talk; a sponsor's words are nobody's news.
s.sponsor = 0 AND (s.kind = 'note' OR e.segment_count = e.chapter_count)

-- name: count_fresh
SELECT count(*) FROM {fresh_source}

-- name: fresh
SELECT {segment_columns}, {episode_key} FROM {fresh_source}
ORDER BY v.id, s.at, s.id LIMIT :limit

-- name: untold
-- Episode by episode in the order they came. The plus lets ids give that order: the search ends
-- at the first moment it finds.
SELECT {segment_columns}, {episode_key} FROM {moment_source}
WHERE s.id = (
    SELECT one.id FROM episode AS whole JOIN segment AS one ON one.episode_id = whole.id
    WHERE +whole.tenant IN (:tenant, 'public') AND EXISTS {own_schedule} AND one.sponsor = 0
    AND one.id NOT IN (SELECT segment_id FROM {told_source})
    ORDER BY whole.id, one.at, one.id LIMIT 1
)

-- name: told_longest_ago
SELECT {segment_columns}, {episode_key} FROM (
    -- The place is that of the row with the greatest day.
    SELECT segment_id, max(day) AS last_day, place FROM {told_source} GROUP BY segment_id
) AS old
JOIN {moment_source}
WHERE s.id = old.segment_id ORDER BY old.last_day, old.place LIMIT 1

-- name: delivery_columns
schedule_id, day, state, since, message, reason, (
    SELECT json_group_array(segment_id) FROM (
        SELECT segment_id FROM delivered_moment AS told
        WHERE told.schedule_id = delivery.schedule_id AND told.day = delivery.day
        ORDER BY told.place
    )
)

-- name: delivery
SELECT {delivery_columns} FROM delivery WHERE schedule_id = {own_schedule} AND day = :day

-- name: deliveries
SELECT {delivery_columns} FROM delivery WHERE schedule_id = {own_schedule}
ORDER BY day DESC LIMIT :limit

-- name: begin_turn
INSERT INTO delivery (schedule_id, day, state, since, owner, leased_until)
SELECT id, :day, 'sending', :now, :owner, :until FROM schedule
WHERE id = :schedule AND tenant = :tenant AND is_on = 1
-- A clock that is mended must not silence a channel: a day far ahead holds back nothing.
AND NOT EXISTS (
    SELECT 1 FROM delivery
    WHERE schedule_id = :schedule AND day BETWEEN :day AND date(:day, '+2 days')
)

-- name: begin_turn_again
UPDATE delivery SET
    state = 'sending', since = :now, owner = :owner, leased_until = :until, message = '', reason = ''
WHERE schedule_id = {own_schedule} AND day = :day AND state = 'pending'

-- name: take_turn_over
UPDATE delivery SET owner = :owner, leased_until = :until
WHERE schedule_id = {own_schedule} AND day = :day
AND :repeatable AND state = 'sending' AND leased_until < :now AND since >= :repeatable_since

-- name: forget_moments
DELETE FROM delivered_moment WHERE schedule_id = :schedule AND day = :day

-- name: add_moment
INSERT INTO delivered_moment (schedule_id, day, place, segment_id)
VALUES (:schedule, :day, :place, :segment)

-- name: settle_turn
-- Whoever made the last claim knows best, until the post is known to be there. A claim that was
-- moved to doubt meanwhile is still its owner's.
INSERT INTO delivery (schedule_id, day, state, since, owner, message, reason)
SELECT id, :day, :state, :now, :owner, :message, :reason FROM schedule
WHERE id = :schedule AND tenant = :tenant
ON CONFLICT DO UPDATE SET
    state = excluded.state, leased_until = NULL, message = excluded.message,
    reason = excluded.reason
WHERE excluded.state = 'posted' OR (
    delivery.owner = excluded.owner AND delivery.state IN ('sending', 'doubt', excluded.state)
)

-- name: reopen_turn
UPDATE delivery SET state = 'pending'
WHERE schedule_id = {own_schedule} AND day = :day AND state = 'doubt'

-- name: doubt_stale
UPDATE delivery SET state = 'doubt', leased_until = NULL
-- First tried in what is the future now: the clock stepped back, and its lease says nothing.
WHERE state = 'sending' AND (leased_until < :now OR since > :ahead) AND (
    since < :repeatable_since OR since > :ahead
    OR (SELECT platform FROM schedule WHERE id = delivery.schedule_id)
        NOT IN (SELECT value FROM json_each(:repeatable))
)
RETURNING {delivery_columns}, owner

-- name: schedule_of
SELECT {schedule_columns} FROM schedule WHERE id = :schedule
