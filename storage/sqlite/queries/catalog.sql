-- Reads of episodes and moments. The tenant fence is in the two *_source fragments: what reads
-- through them sees the public catalog and the tenant's own, and nothing else.

-- name: episode_key
e.id, e.tenant, e.digest

-- name: episode_columns
{episode_key}, e.title, e.media_key, e.media_url, w.name, e.source_label, e.duration,
e.segment_count, e.first_at, e.last_at, e.chapter_count, e.chapters_label,
e.transcript_label

-- name: episode_source
episode AS e
LEFT JOIN show AS w ON w.id = e.show_id
WHERE e.tenant IN (:tenant, 'public')

-- name: segment_columns
s.id, s.kind, s.at, s.end_at, s.link_at,
coalesce(own.title, pub.title, s.title), coalesce(own.text, pub.text, s.text),
coalesce(own.title <> s.title OR own.text <> s.text,
         pub.title <> s.title OR pub.text <> s.text, 0),
s.sponsor

-- name: moment_source
segment AS s
-- The plus keeps this a filter: the segment finds its episode, not the tenant its episodes.
JOIN episode AS e ON e.id = s.episode_id AND +e.tenant IN (:tenant, 'public')
LEFT JOIN correction AS own
    ON own.tenant = :tenant AND own.segment_id = s.id AND own.in_force = 1
LEFT JOIN correction AS pub
    ON pub.tenant = 'public' AND pub.segment_id = s.id AND pub.in_force = 1

-- name: moment
SELECT {segment_columns}, {episode_key} FROM {moment_source} WHERE s.id = :segment

-- name: moments
SELECT {segment_columns}, {episode_key} FROM json_each(:segments) AS wanted
JOIN {moment_source}
WHERE s.id = wanted.value ORDER BY wanted.key

-- name: neighbours
SELECT {segment_columns}, {episode_key} FROM {moment_source}
WHERE s.id IN (
    (
        SELECT other.id FROM segment AS this
        JOIN segment AS other ON other.episode_id = this.episode_id AND other.kind = this.kind
            AND (other.at, other.id) < (this.at, this.id)
        WHERE this.id = :segment ORDER BY other.at DESC, other.id DESC LIMIT 1
    ),
    :segment,
    (
        SELECT other.id FROM segment AS this
        JOIN segment AS other ON other.episode_id = this.episode_id AND other.kind = this.kind
            AND (other.at, other.id) > (this.at, this.id)
        WHERE this.id = :segment ORDER BY other.at, other.id LIMIT 1
    )
)
ORDER BY s.at, s.id

-- name: around
-- Each row says which part of the answer it is. A list of values asks the index once for each.
SELECT {segment_columns}, {episode_key}, part.column1 FROM (
    VALUES
    ('note before', (
        SELECT id FROM segment WHERE episode_id = :episode AND kind = 'note' AND at = (
            SELECT max(at) FROM segment
            WHERE episode_id = :episode AND kind = 'note' AND at <= :at
        ) ORDER BY id LIMIT 1
    )),
    ('note after', (
        SELECT id FROM segment WHERE episode_id = :episode AND kind = 'note' AND at > :at
        ORDER BY at, id LIMIT 1
    )),
    ('chapter before', (
        SELECT id FROM segment WHERE episode_id = :episode AND kind = 'chapter' AND at = (
            SELECT max(at) FROM segment
            WHERE episode_id = :episode AND kind = 'chapter' AND at <= :at
        ) ORDER BY id LIMIT 1
    )),
    ('chapter after', (
        SELECT id FROM segment WHERE episode_id = :episode AND kind = 'chapter' AND at > :at
        ORDER BY at, id LIMIT 1
    )),
    ('linked', (
        SELECT id FROM segment
        WHERE episode_id = :episode AND kind = 'note' AND link_at = :at AND link_at <> at
        ORDER BY id LIMIT 1
    ))
) AS part
CROSS JOIN {moment_source}
WHERE s.id = part.column2

-- name: between
SELECT {segment_columns}, {episode_key} FROM {moment_source}
WHERE s.episode_id = :episode AND s.at BETWEEN :start AND :end
ORDER BY s.at, s.id LIMIT :limit

-- name: outline
SELECT {segment_columns}, {episode_key} FROM {moment_source}
WHERE s.episode_id = :episode ORDER BY s.at, s.id LIMIT :limit OFFSET :offset

-- name: episode
SELECT {episode_columns} FROM {episode_source} AND e.id = :episode

-- name: episodes_by_id
-- Of moments that were read, so the fence has been passed.
SELECT {episode_columns} FROM episode AS e
LEFT JOIN show AS w ON w.id = e.show_id
WHERE e.id IN (SELECT value FROM json_each(:episodes))

-- name: episodes
SELECT {episode_columns} FROM {episode_source}
ORDER BY e.tenant = 'public', e.id DESC LIMIT :limit OFFSET :offset

-- name: episodes_of_words
SELECT {episode_columns} FROM {episode_source}
AND (
    e.media_key = :typed
    OR NOT EXISTS (SELECT 1 FROM json_each(:word_starts) WHERE instr(e.words, value) = 0)
)
ORDER BY e.tenant = 'public', e.id DESC LIMIT :limit

-- name: episode_of_media
SELECT {episode_columns} FROM {episode_source} AND e.media_key = :media_key
ORDER BY e.tenant = 'public' LIMIT 1

-- name: episode_document
SELECT {episode_columns}, e.intro, e.reference_list, e.layout
FROM {episode_source} AND e.id = :episode

-- name: episode_rows
SELECT {segment_columns}, {episode_key}, s.title, s.text, s.link_url, s.cells
FROM {moment_source}
WHERE s.episode_id = :episode ORDER BY s.ordinal, s.id

-- name: newest_moments
SELECT {segment_columns}, {episode_key} FROM {moment_source}
WHERE s.episode_id IN (
    SELECT id FROM episode WHERE tenant IN (:tenant, 'public')
    ORDER BY tenant = 'public', id DESC LIMIT :newest
)
ORDER BY e.tenant = 'public', e.id DESC, s.at, s.id LIMIT :limit

-- name: title_starts
SELECT rest, segment_id FROM title_start AS t
WHERE scope = :scope AND within = :within AND rest >= :low AND rest < :high
AND (
    scope <> 1 OR :tenant = 'public' OR NOT EXISTS (
        SELECT 1 FROM correction AS own
        WHERE own.tenant = :tenant AND own.segment_id = t.segment_id AND own.in_force = 1
    )
)
ORDER BY rest, segment_id

-- name: scope
SELECT id FROM scope WHERE tenant = :tenant

-- name: is_new
SELECT 1 FROM sqlite_sequence WHERE name = 'episode' AND seq > 0
