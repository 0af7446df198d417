-- Writes of a tenant's own episodes.

-- name: add_scope
-- What is there already takes no new number: a write done twice leaves what it left once.
INSERT INTO scope (tenant)
SELECT :tenant WHERE NOT EXISTS (SELECT 1 FROM scope WHERE tenant = :tenant)

-- name: add_show
INSERT INTO show (tenant, name)
SELECT :tenant, :name WHERE NOT EXISTS (SELECT 1 FROM show WHERE tenant = :tenant AND name = :name)

-- name: show_id
SELECT id FROM show WHERE tenant = :tenant AND name = :name

-- name: own_episode
SELECT id FROM episode WHERE tenant = :tenant AND media_key = :media_key

-- name: own_episode_by_id
SELECT id FROM episode WHERE tenant = :tenant AND id = :episode

-- name: add_episode
INSERT INTO episode (
    tenant, show_id, title, media_key, media_url, source_label, duration, intro,
    reference_list, layout, digest, words
) VALUES (
    :tenant, :show, :title, :media_key, :media_url, :source_label, :duration, :intro,
    :reference_list, :layout, '', :words
)

-- name: episode_head
SELECT show_id AS show, title, media_url, source_label, duration, intro, reference_list, layout,
    words, notes_digest, (SELECT name FROM show WHERE id = show_id) AS show_name
FROM episode WHERE id = :episode

-- name: update_episode
UPDATE episode SET
    show_id = :show, title = :title, media_url = :media_url, source_label = :source_label,
    duration = :duration, intro = :intro, reference_list = :reference_list, layout = :layout,
    words = :words
WHERE id = :episode

-- name: end_chapters
-- The last one goes to the end of the recording, as soon as somebody knows it.
UPDATE segment SET end_at = known.seconds FROM (
    SELECT coalesce(e.duration, t.end_ms / 1000) AS seconds
    FROM episode AS e LEFT JOIN transcript AS t ON t.episode_id = e.id WHERE e.id = :episode
) AS known
WHERE episode_id = :episode AND kind = 'chapter' AND end_at IS NULL AND at < known.seconds

-- name: count_episode
UPDATE episode SET (segment_count, chapter_count, first_at, last_at) = (
    SELECT
        count(*), count(*) FILTER (WHERE kind = 'chapter'),
        coalesce(min(at), 0), coalesce(max(at), 0)
    FROM segment WHERE episode_id = :episode
), transcript_label = coalesce(
    (SELECT source_label FROM transcript WHERE episode_id = :episode AND sentence_count > 0), ''
) WHERE id = :episode

-- name: whole_episode
SELECT
    notes_digest, chapters_digest, (SELECT name FROM show WHERE id = show_id), title, media_key,
    media_url, source_label, chapters_label, transcript_label, duration, segment_count, chapter_count, first_at, last_at
FROM episode WHERE id = :episode

-- name: set_episode_digest
UPDATE episode SET digest = :digest WHERE id = :episode

-- name: notes_digest
SELECT notes_digest FROM episode WHERE id = :episode

-- name: chapters_digest
SELECT chapters_digest FROM episode WHERE id = :episode

-- name: set_notes_digest
UPDATE episode SET notes_digest = :digest WHERE id = :episode

-- name: set_chapters_digest
UPDATE episode SET chapters_digest = :digest, chapters_label = :label WHERE id = :episode

-- name: count_scope
UPDATE scope SET segment_count = (
    SELECT coalesce(sum(segment_count), 0) FROM episode WHERE tenant = :tenant
), spoken_count = ({spoken_in_scope})
WHERE tenant = :tenant

-- name: count_spoken_of_scopes
UPDATE scope SET spoken_count = ({spoken_in_scope})

-- name: spoken_in_scope
SELECT coalesce(sum(t.passage_count), 0)
FROM transcript AS t JOIN episode AS e ON e.id = t.episode_id WHERE e.tenant = scope.tenant

-- name: stored_rows
SELECT id, ordinal, kind, at, end_at, link_at, link_url, title, text, cells, sponsor
FROM segment WHERE episode_id = :episode AND kind = :kind ORDER BY ordinal, id

-- name: add_segment
INSERT INTO segment (
    episode_id, ordinal, kind, at, end_at, link_at, link_url, title, text, cells, sponsor
) VALUES (
    :episode, :ordinal, :kind, :at, :end_at, :link_at, :link_url, :title, :text, :cells, :sponsor
)

-- name: update_segment
UPDATE segment SET
    ordinal = :ordinal, kind = :kind, at = :at, end_at = :end_at, link_at = :link_at,
    link_url = :link_url, title = :title, text = :text, cells = :cells, sponsor = :sponsor
WHERE id = :segment

-- name: move_segment
UPDATE segment SET ordinal = :ordinal WHERE id = :segment

-- name: remove_segments
DELETE FROM segment WHERE id IN (SELECT value FROM json_each(:segments))

-- name: segments_of
SELECT id FROM segment WHERE episode_id = :episode

-- name: set_corrections_aside
UPDATE correction SET in_force = 0
WHERE in_force = 1 AND segment_id IN (SELECT value FROM json_each(:segments))

-- name: remove_episode
DELETE FROM episode WHERE id = :episode

-- name: remove_empty_shows
DELETE FROM show WHERE tenant = :tenant
AND NOT EXISTS (SELECT 1 FROM episode WHERE episode.show_id = show.id)
