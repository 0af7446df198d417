-- Upkeep of what is derived from segments and corrections.

-- name: readings
SELECT
    s.id, s.episode_id, sc.id, c.id, coalesce(c.title, s.title), coalesce(c.text, s.text),
    s.sponsor, 0 AS overlay
FROM json_each(:segments) AS wanted
JOIN segment AS s ON s.id = wanted.value
JOIN episode AS e ON e.id = s.episode_id
JOIN scope AS sc ON sc.tenant = e.tenant
LEFT JOIN correction AS c ON c.tenant = e.tenant AND c.segment_id = s.id AND c.in_force = 1
UNION ALL
SELECT s.id, s.episode_id, sc.id, c.id, c.title, c.text, s.sponsor, 1
FROM json_each(:segments) AS wanted
JOIN correction AS c ON c.segment_id = wanted.value AND c.in_force = 1
JOIN segment AS s ON s.id = c.segment_id
JOIN episode AS e ON e.id = s.episode_id AND e.tenant <> c.tenant
JOIN scope AS sc ON sc.tenant = c.tenant
ORDER BY overlay

-- name: add_passage
INSERT INTO passage (segment_id, scope, correction_id, title_stems, text_stems, vector_id)
VALUES (:segment, :scope, :correction, :title, :text, :vector)

-- name: index_passage
INSERT INTO passage_index (rowid, episode, title, text)
VALUES (:passage, :episode, :title, :text)

-- name: passages_of
SELECT p.id, s.episode_id, p.scope, s.sponsor, p.title_stems, p.text_stems
FROM json_each(:segments) AS wanted
JOIN passage AS p ON p.segment_id = wanted.value
JOIN segment AS s ON s.id = p.segment_id

-- name: unindex_passage
INSERT INTO passage_index (passage_index, rowid, episode, title, text)
VALUES ('delete', :passage, :episode, :title, :text)

-- name: remove_passages
DELETE FROM passage WHERE segment_id IN (SELECT value FROM json_each(:segments))

-- name: add_title_start
INSERT INTO title_start (scope, within, rest, segment_id)
VALUES (:scope, :within, :rest, :segment)

-- name: remove_title_start
DELETE FROM title_start
WHERE scope = :scope AND within = :within AND rest = :rest AND segment_id = :segment

-- name: count_word
INSERT INTO vocabulary (scope, length, word, letters, df)
VALUES (:scope, :length, :word, :letters, :by)
ON CONFLICT DO UPDATE SET df = df + excluded.df

-- name: forget_word
DELETE FROM vocabulary
WHERE scope = :scope AND length = :length AND word = :word AND df = 0

-- name: count_stem
INSERT INTO stem_frequency (scope, stem, df) VALUES (:scope, :stem, :by)
ON CONFLICT DO UPDATE SET df = df + excluded.df

-- name: forget_stem
DELETE FROM stem_frequency WHERE scope = :scope AND stem = :stem AND df = 0

-- name: count_passages
SELECT coalesce(sum(segment_count), 0) FROM episode

-- name: optimize_passage_index
INSERT INTO passage_index (passage_index) VALUES ('optimize')

-- name: clear_passage_index
INSERT INTO passage_index (passage_index) VALUES ('delete-all')

-- name: clear_passages
DELETE FROM passage

-- name: clear_words
DELETE FROM vocabulary

-- name: clear_stems
DELETE FROM stem_frequency

-- name: clear_title_starts
DELETE FROM title_start

-- name: episode_names
SELECT e.id, e.title, w.name, e.media_key FROM episode AS e LEFT JOIN show AS w ON w.id = e.show_id

-- name: set_episode_words
UPDATE episode SET words = :words WHERE id = :episode

-- name: segments_after
SELECT id FROM segment WHERE id > :after ORDER BY id LIMIT :limit

-- name: get_meta
SELECT value FROM meta WHERE key = :key

-- name: set_meta
INSERT INTO meta (key, value) VALUES (:key, :value)
ON CONFLICT DO UPDATE SET value = excluded.value
