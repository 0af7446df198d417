-- Full-text search and the frequencies behind ranking and spelling. The fence is in the terms
-- of the MATCH expression, which carry their scope, and once more in candidate_source.

-- name: candidate_columns
-- A passage knows whose words it holds, so no correction has to be looked for.
s.id, s.kind, s.at, s.end_at, s.link_at, coalesce(c.title, s.title), coalesce(c.text, s.text),
coalesce(c.title <> s.title OR c.text <> s.text, 0), s.sponsor,
{episode_key}, p.title_stems, p.text_stems, p.id, f.score

-- name: candidate_source
-- The order of the joins is this one: from the few passages found to their rows.
CROSS JOIN passage AS p ON p.id = f.passage
CROSS JOIN segment AS s ON s.id = p.segment_id
CROSS JOIN episode AS e ON e.id = s.episode_id AND e.tenant IN (:tenant, 'public')
LEFT JOIN correction AS c ON c.id = p.correction_id

-- name: candidates
SELECT {candidate_columns} FROM ({ranked}) AS f {candidate_source}

-- name: candidates_hiding
SELECT {candidate_columns} FROM ({ranked_hiding}) AS f {candidate_source}

-- name: candidates_newest
SELECT {candidate_columns} FROM ({ranked_newest}) AS f {candidate_source}

-- name: candidates_unranked
SELECT {candidate_columns} FROM ({unranked}) AS f {candidate_source}

-- name: given
SELECT value AS passage, 0.0 AS score FROM json_each(:passages)

-- name: candidates_by_id
SELECT {candidate_columns} FROM ({given}) AS f {candidate_source}
WHERE p.scope IN ({own_scopes}) AND p.id NOT IN ({hidden})

-- name: ranked
-- The weights are those of the columns episode, title, text.
SELECT rowid AS passage, bm25(passage_index, 0.0, 8.0, 1.0) AS score
FROM passage_index WHERE passage_index MATCH :match
ORDER BY score LIMIT :limit

-- name: ranked_hiding
SELECT rowid AS passage, bm25(passage_index, 0.0, 8.0, 1.0) AS score
FROM passage_index WHERE passage_index MATCH :match AND rowid NOT IN ({hidden})
ORDER BY score LIMIT :limit

-- name: ranked_newest
-- Scores only so many of the newest title matches, and of the newest matches anywhere.
SELECT passage, min(score) AS score FROM (
    SELECT * FROM (
        SELECT rowid AS passage, bm25(passage_index, 0.0, 8.0, 1.0) AS score
        FROM passage_index WHERE passage_index MATCH :title_match AND rowid NOT IN ({hidden})
        ORDER BY rowid DESC LIMIT :scored
    )
    UNION ALL
    SELECT * FROM (
        SELECT rowid AS passage, bm25(passage_index, 0.0, 8.0, 1.0) AS score
        FROM passage_index WHERE passage_index MATCH :match AND rowid NOT IN ({hidden})
        ORDER BY rowid DESC LIMIT :scored
    )
)
GROUP BY passage ORDER BY min(score), passage LIMIT :limit

-- name: unranked
SELECT rowid AS passage, 0.0 AS score
FROM passage_index WHERE passage_index MATCH :match AND rowid NOT IN ({hidden})
ORDER BY rowid DESC LIMIT :limit

-- name: hidden
-- The public readings that the tenant's own corrections stand in front of.
SELECT p.id FROM correction AS c
JOIN passage AS p ON p.segment_id = c.segment_id AND p.scope = 1
WHERE c.tenant = :tenant AND c.in_force = 1 AND :tenant <> 'public'

-- name: count_segments
SELECT coalesce(sum(segment_count), 0), coalesce(sum(spoken_count), 0) FROM scope
WHERE tenant IN ('public', :tenant)

-- name: stem_frequencies
SELECT stem, sum(df) FROM stem_frequency
WHERE scope IN (SELECT id FROM scope WHERE tenant IN ('public', :tenant))
AND stem IN (SELECT value FROM json_each(:stems))
GROUP BY stem

-- name: spoken_frequencies
SELECT stem, sum(df) FROM spoken_stem
WHERE scope IN (SELECT id FROM scope WHERE tenant IN ('public', :tenant))
AND stem IN (SELECT value FROM json_each(:stems))
GROUP BY stem

-- name: word_counts
-- As a list of pairs the words would be looked for among all of their lengths.
WITH wanted (scope, word) AS (
    SELECT DISTINCT scope.id, value FROM scope CROSS JOIN json_each(:words)
    WHERE tenant IN ('public', :tenant)
)
SELECT word, sum(df) AS segments FROM (
    SELECT v.word, v.df FROM wanted AS w CROSS JOIN vocabulary AS v
    ON v.scope = w.scope AND v.length = length(w.word) AND v.word = w.word
    UNION ALL
    SELECT v.word, v.df FROM wanted AS w CROSS JOIN spoken_word AS v
    ON v.scope = w.scope AND v.length = length(w.word) AND v.word = w.word
)
GROUP BY word HAVING segments > 0

-- name: similar_words
-- An edit takes at most one letter of the asked word away, so `lost`, the letters a candidate
-- lacks, has at most max_distance bits; x & (x - 1) is x without its lowest bit.
SELECT word, sum(in_notes) AS noted, sum(in_talk) AS said FROM (
    SELECT word, df AS in_notes, 0 AS in_talk, :letters & ~letters AS lost FROM vocabulary
    WHERE {similar_places} AND word >= :begins AND word < :begins_after AND letters <> 0
    UNION ALL
    SELECT word, 0, df, :letters & ~letters FROM spoken_word
    WHERE {similar_places} AND word >= :begins AND word < :begins_after AND letters <> 0
    UNION ALL
    SELECT word, df, 0, 0 FROM vocabulary
    WHERE {similar_places} AND word IN (SELECT value FROM json_each(:begun_otherwise))
    UNION ALL
    SELECT word, 0, df, 0 FROM spoken_word
    WHERE {similar_places} AND word IN (SELECT value FROM json_each(:begun_otherwise))
)
WHERE CASE :max_distance
    WHEN 0 THEN lost
    WHEN 1 THEN lost & (lost - 1)
    WHEN 2 THEN lost & (lost - 1) & ((lost & (lost - 1)) - 1)
    ELSE 0
END = 0
GROUP BY word HAVING noted + said > 0
ORDER BY noted + said DESC, word LIMIT :limit

-- name: similar_places
scope IN (SELECT id FROM scope WHERE tenant IN ('public', :tenant))
AND length IN (SELECT value FROM json_each(:lengths))
