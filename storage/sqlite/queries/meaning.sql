-- Reads of vectors. Memory keeps those of each scope by themselves, so that a tenant's search looks
-- at its own and the public ones. Where memory may be behind, noted_near and spoken_near measure
-- what it proposes. The passages themselves are read by their ids, the tenant's and public ones.

-- name: changes_after
SELECT episode_id, change FROM vector_change
WHERE scope = :scope AND change > :seen ORDER BY change LIMIT :limit

-- name: expected_rows
SELECT segment_count + spoken_count FROM scope WHERE id = :scope

-- name: current_vector
CROSS JOIN vector AS v ON v.id = p.vector_id AND v.model = :model AND length(v.body) = :size

-- name: spoken_blocks
SELECT p.episode_id, 1, p.id, p.sponsor, v.body, p.first_sentence, p.last_sentence
FROM json_each(:episodes) AS wanted
CROSS JOIN spoken_passage AS p ON p.episode_id = wanted.value AND p.scope = :scope
{current_vector}
ORDER BY p.episode_id, p.first_sentence

-- name: noted_blocks
SELECT s.episode_id, 0, p.id, s.sponsor, v.body, NULL, NULL
FROM json_each(:episodes) AS wanted
CROSS JOIN segment AS s ON s.episode_id = wanted.value
CROSS JOIN passage AS p ON p.segment_id = s.id AND p.scope = :scope
{current_vector}

-- name: spoken_bodies
SELECT p.id, v.body FROM json_each(:passages) AS wanted
CROSS JOIN spoken_passage AS p ON p.id = wanted.value
{current_vector}

-- name: noted_bodies
SELECT p.id, v.body FROM json_each(:passages) AS wanted
CROSS JOIN passage AS p ON p.id = wanted.value
{current_vector}

-- name: own_scopes
SELECT id FROM scope WHERE tenant IN ('public', :tenant)

-- name: noted_of_episode
SELECT p.id, s.sponsor, v.body, NULL, NULL
FROM segment AS s
CROSS JOIN passage AS p ON p.segment_id = s.id AND p.scope IN ({own_scopes})
{current_vector}
WHERE s.episode_id = :episode AND (s.sponsor = 0 OR :sponsors) AND p.id NOT IN ({hidden})
LIMIT :limit

-- name: spoken_of_episode
SELECT p.id, p.sponsor, v.body, p.first_sentence, p.last_sentence
FROM spoken_passage AS p
{current_vector}
WHERE p.episode_id = :episode AND p.scope IN ({own_scopes}) AND (p.sponsor = 0 OR :sponsors)
ORDER BY p.first_sentence LIMIT :limit

-- name: noted_near
SELECT p.id, p.vector_id, NULL, NULL
FROM json_each(:passages) AS wanted
CROSS JOIN passage AS p ON p.id = wanted.value AND p.scope IN ({own_scopes})
CROSS JOIN segment AS s ON s.id = p.segment_id AND (s.sponsor = 0 OR :sponsors)
CROSS JOIN episode AS e ON e.id = s.episode_id AND e.tenant IN (:tenant, 'public')
WHERE p.id NOT IN ({hidden})

-- name: spoken_near
SELECT p.id, p.vector_id, (
    SELECT iif(other.sponsor = p.sponsor, other.vector_id, NULL)
    FROM spoken_passage AS other
    WHERE other.episode_id = p.episode_id AND other.first_sentence < p.first_sentence
    ORDER BY other.first_sentence DESC LIMIT 1
), (
    SELECT iif(other.sponsor = p.sponsor, other.vector_id, NULL)
    FROM spoken_passage AS other
    WHERE other.episode_id = p.episode_id AND other.first_sentence > p.first_sentence
    ORDER BY other.first_sentence LIMIT 1
)
FROM json_each(:passages) AS wanted
CROSS JOIN spoken_passage AS p ON p.id = wanted.value AND p.scope IN ({own_scopes})
    AND (p.sponsor = 0 OR :sponsors)
CROSS JOIN episode AS e ON e.id = p.episode_id AND e.tenant IN (:tenant, 'public')

-- name: bodies
SELECT id, body FROM vector
WHERE id IN (SELECT value FROM json_each(:vectors)) AND model = :model AND length(body) = :size
