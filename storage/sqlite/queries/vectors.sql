-- The texts of passages and their vectors: what is to be embedded, and what came of it.

-- In two statements: with RETURNING, SQLite keeps a journal for each, and takes ten times as long.

-- name: hold_text
INSERT INTO vector (digest) VALUES (:digest)
ON CONFLICT (digest) DO UPDATE SET loose = 0

-- name: id_of_text
SELECT id FROM vector WHERE digest = :digest

-- name: loosen_passages
UPDATE vector SET loose = 1 WHERE id IN (
    SELECT p.vector_id FROM json_each(:segments) AS wanted
    JOIN passage AS p ON p.segment_id = wanted.value
)

-- name: loosen_spoken
UPDATE vector SET loose = 1
WHERE id IN (SELECT vector_id FROM spoken_passage WHERE episode_id = :episode)

-- name: loosen_all
UPDATE vector SET loose = 1

-- name: sweep_vectors
DELETE FROM vector WHERE loose = 1
AND NOT EXISTS (SELECT 1 FROM passage WHERE vector_id = vector.id)
AND NOT EXISTS (SELECT 1 FROM spoken_passage WHERE vector_id = vector.id)

-- name: fasten_vectors
UPDATE vector SET loose = 0 WHERE loose = 1

-- name: note_change
INSERT INTO vector_change (scope, episode_id, change) VALUES (
    :scope, :episode, (SELECT coalesce(max(change), 0) + 1 FROM vector_change WHERE scope = :scope)
)
ON CONFLICT (scope, episode_id) DO UPDATE SET change = excluded.change

-- name: has_vectors
SELECT 1 FROM vector WHERE model = :model AND :model > 0 LIMIT 1

-- name: is_in_use
-- Whether it is the newest, or the newest that has made a vector.
SELECT count(*) FROM embedding_model WHERE name = :name AND id IN (
    (SELECT max(id) FROM embedding_model), (SELECT max(model) FROM vector)
)

-- name: add_model
INSERT INTO embedding_model (name) VALUES (:name)

-- name: model_id
SELECT max(id) FROM embedding_model WHERE name = :name

-- name: pending_vectors
-- In the order of the index: texts without any vector first, and of these the newest.
SELECT id FROM vector WHERE model < :model ORDER BY model, id DESC LIMIT :limit

-- name: spoken_with_vector
SELECT episode_id, first_sentence, last_sentence FROM spoken_passage
WHERE vector_id = :vector LIMIT 1

-- name: noted_with_vector
SELECT coalesce(c.title, s.title), coalesce(c.text, s.text)
FROM passage AS p
JOIN segment AS s ON s.id = p.segment_id
LEFT JOIN correction AS c ON c.id = p.correction_id
WHERE p.vector_id = :vector LIMIT 1

-- name: put_vector
UPDATE vector SET model = :model, body = :body WHERE id = :vector AND model < :model

-- name: episodes_with_vector
SELECT scope, episode_id FROM spoken_passage WHERE vector_id = :vector
UNION
SELECT p.scope, s.episode_id FROM passage AS p JOIN segment AS s ON s.id = p.segment_id
WHERE p.vector_id = :vector

-- name: count_vectors
SELECT (SELECT count(*) FROM vector WHERE model < :model), (SELECT count(*) FROM vector)
