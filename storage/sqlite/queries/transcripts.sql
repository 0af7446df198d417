-- Transcripts: what was said, and the passages that it is found by.

-- name: own_transcript
SELECT digest FROM transcript WHERE episode_id = :episode

-- name: has_transcript
SELECT 1 FROM episode AS e JOIN transcript AS t ON t.episode_id = e.id
WHERE e.tenant = :tenant AND e.media_key = :media_key AND t.digest = :digest

-- name: sponsored
SELECT at, end_at FROM segment
WHERE episode_id = :episode AND kind = 'chapter' AND sponsor = 1 AND end_at > at
ORDER BY at, id

-- name: has_sponsored
SELECT 1 FROM spoken_passage WHERE episode_id = :episode AND sponsor = 1 LIMIT 1

-- name: put_transcript
INSERT INTO transcript (episode_id, digest, language, source_label, sentence_count, end_ms)
VALUES (:episode, :digest, :language, :source_label, :sentences, :end_ms)
ON CONFLICT DO UPDATE SET
    digest = excluded.digest, language = excluded.language, source_label = excluded.source_label,
    sentence_count = excluded.sentence_count, end_ms = excluded.end_ms

-- name: remove_sentences
DELETE FROM sentence WHERE episode_id = :episode

-- name: add_sentence
INSERT INTO sentence (episode_id, ordinal, start_ms, end_ms, speaker, text)
VALUES (:episode, :ordinal, :start, :end, :speaker, :text)

-- name: transcript
SELECT t.language, t.source_label, t.sentence_count, t.end_ms
FROM transcript AS t JOIN episode AS e ON e.id = t.episode_id
WHERE e.tenant IN (:tenant, 'public') AND e.id = :episode

-- name: sentence_columns
q.start_ms, q.end_ms, q.text, q.speaker

-- name: said
-- The sentences that are being said at some time of a stretch; they do not overlap by much.
SELECT {sentence_columns} FROM sentence AS q JOIN episode AS e ON e.id = q.episode_id
WHERE e.tenant IN (:tenant, 'public') AND q.episode_id = :episode
AND q.start_ms <= :end AND q.start_ms >= :start - :longest AND q.end_ms >= :start
ORDER BY q.ordinal LIMIT :limit

-- name: sentences_between
SELECT {sentence_columns} FROM sentence AS q
WHERE q.episode_id = :episode AND q.ordinal BETWEEN :first AND :last ORDER BY q.ordinal

-- name: sentences_of_runs
-- Those of a run come as one text: of most passages that a search proposes nobody reads them.
SELECT (
    SELECT json_group_array(json_array({sentence_columns})) FROM (
        SELECT * FROM sentence WHERE episode_id = json_extract(wanted.value, '$[0]')
        AND ordinal BETWEEN json_extract(wanted.value, '$[1]') AND json_extract(wanted.value, '$[2]')
        ORDER BY ordinal
    ) AS q
) FROM json_each(:runs) AS wanted ORDER BY wanted.key

-- name: scope_of_episode
SELECT sc.id FROM scope AS sc JOIN episode AS e ON e.tenant = sc.tenant WHERE e.id = :episode

-- name: episodes_said
SELECT episode_id FROM transcript ORDER BY episode_id

-- name: add_spoken
INSERT INTO spoken_passage (
    episode_id, scope, first_sentence, last_sentence, sponsor, stems, vector_id
) VALUES (:episode, :scope, :first, :last, :sponsor, :stems, :vector)

-- name: index_spoken
INSERT INTO spoken_index (rowid, episode, text) VALUES (:passage, :key, :text)

-- name: unindex_spoken
INSERT INTO spoken_index (spoken_index, rowid, episode, text)
VALUES ('delete', :passage, :key, :text)

-- name: spoken_of
SELECT id, scope, first_sentence, last_sentence, sponsor, stems FROM spoken_passage
WHERE episode_id = :episode

-- name: remove_spoken
DELETE FROM spoken_passage WHERE episode_id = :episode

-- name: clear_spoken_index
INSERT INTO spoken_index (spoken_index) VALUES ('delete-all')

-- name: count_spoken_word
INSERT INTO spoken_word (scope, length, word, letters, df)
VALUES (:scope, :length, :word, :letters, :by)
ON CONFLICT DO UPDATE SET df = df + excluded.df

-- name: forget_spoken_word
DELETE FROM spoken_word
WHERE scope = :scope AND length = :length AND word = :word AND df = 0

-- name: count_spoken_stem
INSERT INTO spoken_stem (scope, stem, df) VALUES (:scope, :stem, :by)
ON CONFLICT DO UPDATE SET df = df + excluded.df

-- name: forget_spoken_stem
DELETE FROM spoken_stem WHERE scope = :scope AND stem = :stem AND df = 0

-- name: clear_spoken_words
DELETE FROM spoken_word

-- name: clear_spoken_stems
DELETE FROM spoken_stem

-- name: clear_spoken
DELETE FROM spoken_passage

-- name: optimize_spoken_index
INSERT INTO spoken_index (spoken_index) VALUES ('optimize')

-- name: count_spoken
SELECT coalesce(sum(passage_count), 0) FROM transcript

-- name: note_passage_count
UPDATE transcript SET passage_count = :passages WHERE episode_id = :episode

-- name: spoken_columns
p.first_sentence, p.last_sentence, {episode_key}, t.source_label, p.stems, p.id

-- name: spoken_source
CROSS JOIN spoken_passage AS p ON p.id = f.passage
CROSS JOIN episode AS e ON e.id = p.episode_id AND e.tenant IN (:tenant, 'public')
CROSS JOIN transcript AS t ON t.episode_id = e.id

-- name: spoken_ranked
SELECT {spoken_columns} FROM (
    SELECT rowid AS passage, bm25(spoken_index, 0.0, 1.0) AS score
    FROM spoken_index WHERE spoken_index MATCH :match ORDER BY score LIMIT :limit
) AS f {spoken_source}

-- name: spoken_newest
-- Scores only so many of the newest matches.
SELECT {spoken_columns} FROM (
    SELECT * FROM (
        SELECT rowid AS passage, bm25(spoken_index, 0.0, 1.0) AS score
        FROM spoken_index WHERE spoken_index MATCH :match ORDER BY rowid DESC LIMIT :scored
    ) ORDER BY score LIMIT :limit
) AS f {spoken_source}

-- name: spoken_unranked
SELECT {spoken_columns} FROM (
    SELECT rowid AS passage
    FROM spoken_index WHERE spoken_index MATCH :match ORDER BY rowid DESC LIMIT :limit
) AS f {spoken_source}

-- name: spoken_by_id
SELECT {spoken_columns} FROM ({given}) AS f {spoken_source} WHERE p.scope IN ({own_scopes})
