-- Talks that have no chapters but those that nobody set, for the worker: over every tenant.

-- name: next_to_outline
-- With a model, not before all that is said has its vector.
SELECT e.id, e.tenant, t.digest
FROM transcript AS t
CROSS JOIN episode AS e ON e.id = t.episode_id
LEFT JOIN outline AS o ON o.episode_id = e.id AND o.digest = t.digest
WHERE o.episode_id IS NULL AND t.sentence_count > 0 AND {has_no_chapters}
AND (:model IS NULL OR NOT EXISTS (
    SELECT 1 FROM spoken_passage AS p CROSS JOIN vector AS v ON v.id = p.vector_id
    WHERE p.episode_id = e.id AND (v.model <> :model OR v.body IS NULL)
))
ORDER BY e.id DESC LIMIT 1

-- name: has_no_chapters
-- Those that somebody corrected stay as they are.
(e.segment_count = 0 OR (e.chapters_label = :automatic AND e.chapter_count > 0 AND NOT EXISTS (
    SELECT 1 FROM segment AS s CROSS JOIN correction AS c ON c.segment_id = s.id AND c.in_force = 1
    WHERE s.episode_id = e.id AND s.kind = 'chapter'
)))

-- name: passages_to_outline
SELECT p.first_sentence, p.last_sentence, v.body
FROM spoken_passage AS p LEFT JOIN vector AS v ON v.id = p.vector_id
WHERE p.episode_id = :episode AND p.first_sentence > :after
ORDER BY p.first_sentence LIMIT :limit

-- name: stretch_vectors
-- Passages by the starts of their first and last sentence, as far as they are embedded.
SELECT begun.start_ms, ended.start_ms, v.body
FROM episode AS e
CROSS JOIN spoken_passage AS p ON p.episode_id = e.id
CROSS JOIN sentence AS begun ON begun.episode_id = e.id AND begun.ordinal = p.first_sentence
CROSS JOIN sentence AS ended ON ended.episode_id = e.id AND ended.ordinal = p.last_sentence
CROSS JOIN vector AS v ON v.id = p.vector_id AND v.model = :model
WHERE e.id = :episode AND e.tenant IN (:tenant, 'public')
AND begun.start_ms <= :end AND ended.start_ms >= :start
ORDER BY p.first_sentence LIMIT :limit

-- name: is_to_be_outlined
SELECT e.media_key, e.media_url, e.title FROM episode AS e
JOIN transcript AS t ON t.episode_id = e.id AND t.digest = :digest
WHERE e.id = :episode AND e.tenant = :tenant AND {has_no_chapters}

-- name: end_told_outline
-- A schedule that told of automatic chapters of a talk tells of no others of it.
DELETE FROM watched_episode WHERE episode_id = :episode AND EXISTS (
    SELECT 1 FROM episode AS e
    JOIN segment AS s ON s.episode_id = e.id AND s.kind = 'chapter'
    JOIN delivered_moment AS told
    ON told.schedule_id = watched_episode.schedule_id AND told.segment_id = s.id
    WHERE e.id = :episode AND e.chapters_label = :automatic
)

-- name: note_outline
INSERT INTO outline (episode_id, digest) VALUES (:episode, :digest)
ON CONFLICT (episode_id) DO UPDATE SET digest = excluded.digest
