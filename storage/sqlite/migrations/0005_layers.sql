-- Layers of an episode: notes, chapters and what was said, each with a source of its own.
-- A recording may also have no link: the table is built anew for that.

CREATE TABLE episode_new (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    digest TEXT NOT NULL, -- of all that the row says: what is kept of it elsewhere is good for it
    notes_digest TEXT NOT NULL DEFAULT '', -- of the notes' document; empty: there are none
    chapters_digest TEXT NOT NULL DEFAULT '',
    show_id INTEGER REFERENCES show (id),
    title TEXT NOT NULL,
    media_key TEXT NOT NULL,
    media_url TEXT NOT NULL CHECK (
        media_url = '' OR media_url LIKE 'http://%' OR media_url LIKE 'https://%'
    ),
    source_label TEXT NOT NULL, -- of the notes; each label is empty where there is no such layer
    chapters_label TEXT NOT NULL DEFAULT '',
    transcript_label TEXT NOT NULL DEFAULT '',
    duration INTEGER CHECK (duration >= 0),
    segment_count INTEGER NOT NULL DEFAULT 0,
    chapter_count INTEGER NOT NULL DEFAULT 0, -- of these
    first_at INTEGER NOT NULL DEFAULT 0,
    last_at INTEGER NOT NULL DEFAULT 0,
    words TEXT NOT NULL, -- folded words of title, show and recording, a space around each
    intro TEXT NOT NULL,
    reference_list TEXT NOT NULL, -- JSON: [[text, url or null], ...]
    layout TEXT NOT NULL, -- JSON, the exporter's own
    UNIQUE (tenant, media_key)
) STRICT;

-- An id is not used again, though its episode may be gone.
INSERT INTO sqlite_sequence (name, seq)
SELECT 'episode_new', seq FROM sqlite_sequence WHERE name = 'episode';

INSERT INTO episode_new (
    id, tenant, digest, notes_digest, show_id, title, media_key, media_url, source_label, duration,
    segment_count, first_at, last_at, words, intro, reference_list, layout
)
SELECT
    id, tenant, digest, iif(segment_count > 0, digest, ''), show_id, title, media_key, media_url,
    iif(segment_count > 0, source_label, ''), duration, segment_count, first_at, last_at, words, intro, reference_list, layout
FROM episode;

UPDATE episode_new SET transcript_label = coalesce(
    (SELECT source_label FROM transcript WHERE episode_id = id AND sentence_count > 0), ''
);

DROP TABLE episode;

ALTER TABLE episode_new RENAME TO episode;

CREATE INDEX episode_by_tenant ON episode (tenant, id);
CREATE INDEX episode_by_show ON episode (show_id);

-- Whether a sponsor has the word there: found only where sponsors are asked for.
ALTER TABLE segment ADD COLUMN sponsor INTEGER NOT NULL DEFAULT 0 CHECK (sponsor IN (0, 1));

CREATE INDEX segment_by_kind ON segment (episode_id, kind, at, id);

ALTER TABLE spoken_passage ADD COLUMN sponsor INTEGER NOT NULL DEFAULT 0;
