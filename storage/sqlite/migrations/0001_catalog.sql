-- The catalog and what people add to it. Ids are never reused: buttons outlive everything.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A scope is what one tenant adds to what it reads: its own episodes, and its corrections of
-- public ones. A reader searches the public scope and its own.
CREATE TABLE scope (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL UNIQUE,
    segment_count INTEGER NOT NULL DEFAULT 0 CHECK (segment_count >= 0)
) STRICT;

INSERT INTO scope (tenant) VALUES ('public');

CREATE TABLE show (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (tenant, name)
) STRICT;

-- The long texts come last: a row is read only as far as it is needed.
CREATE TABLE episode (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    digest TEXT NOT NULL, -- of the whole draft: the same document is not stored twice
    show_id INTEGER REFERENCES show (id),
    title TEXT NOT NULL,
    media_key TEXT NOT NULL,
    media_url TEXT NOT NULL CHECK (media_url LIKE 'http://%' OR media_url LIKE 'https://%'),
    source_label TEXT NOT NULL,
    duration INTEGER CHECK (duration >= 0),
    segment_count INTEGER NOT NULL DEFAULT 0,
    first_at INTEGER NOT NULL DEFAULT 0,
    last_at INTEGER NOT NULL DEFAULT 0,
    words TEXT NOT NULL, -- folded words of title, show and recording, a space around each
    intro TEXT NOT NULL,
    reference_list TEXT NOT NULL, -- JSON: [[text, url or null], ...]
    layout TEXT NOT NULL, -- JSON, the exporter's own
    UNIQUE (tenant, media_key)
) STRICT;

CREATE INDEX episode_by_tenant ON episode (tenant, id);
CREATE INDEX episode_by_show ON episode (show_id);

-- Title and text are the source's own; corrections lie over them. Times are in seconds.
CREATE TABLE segment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    episode_id INTEGER NOT NULL REFERENCES episode (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, -- the place in the document
    kind TEXT NOT NULL,
    at INTEGER NOT NULL CHECK (at >= 0),
    end_at INTEGER CHECK (end_at >= at),
    link_at INTEGER CHECK (link_at >= 0),
    link_url TEXT CHECK (link_url LIKE 'http://%' OR link_url LIKE 'https://%'),
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    cells TEXT NOT NULL -- JSON: the source's own cells
) STRICT;

CREATE INDEX segment_by_time ON segment (episode_id, at, id);
CREATE INDEX segment_by_link ON segment (episode_id, link_at, id) WHERE link_at <> at;

-- A person's word that a segment is wrong. An applied report does not stop a further one.
CREATE TABLE report (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    segment_id INTEGER NOT NULL REFERENCES segment (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    comment TEXT NOT NULL,
    reported_by TEXT NOT NULL,
    reported_at TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'applied', 'dismissed')),
    closed_by TEXT,
    closed_at TEXT
) STRICT;

CREATE UNIQUE INDEX report_once ON report (segment_id, tenant, reported_by, reason)
WHERE status = 'open';

-- What a tenant reads instead of the source's title and text, with all that came before.
CREATE TABLE correction (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    segment_id INTEGER NOT NULL REFERENCES segment (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    corrected_by TEXT NOT NULL,
    corrected_at TEXT NOT NULL,
    report_id INTEGER REFERENCES report (id) ON DELETE SET NULL,
    in_force INTEGER NOT NULL DEFAULT 1 CHECK (in_force IN (0, 1))
) STRICT;

CREATE INDEX correction_by_segment ON correction (segment_id);
CREATE INDEX correction_by_report ON correction (report_id);
CREATE UNIQUE INDEX correction_in_force ON correction (tenant, segment_id) WHERE in_force = 1;

CREATE TABLE last_card (
    tenant TEXT NOT NULL,
    channel TEXT NOT NULL,
    user TEXT NOT NULL,
    episode_id INTEGER NOT NULL REFERENCES episode (id) ON DELETE CASCADE,
    shown_at TEXT NOT NULL,
    PRIMARY KEY (tenant, channel, user)
) STRICT, WITHOUT ROWID;

CREATE INDEX last_card_by_age ON last_card (shown_at);
CREATE INDEX last_card_by_episode ON last_card (episode_id);

CREATE TABLE channel_default (
    tenant TEXT NOT NULL,
    channel TEXT NOT NULL,
    episode_id INTEGER NOT NULL REFERENCES episode (id) ON DELETE CASCADE,
    PRIMARY KEY (tenant, channel)
) STRICT, WITHOUT ROWID;

CREATE INDEX channel_default_by_episode ON channel_default (episode_id);

CREATE TABLE kept_text (
    tenant TEXT NOT NULL,
    token TEXT NOT NULL,
    text TEXT NOT NULL,
    kept_at TEXT NOT NULL,
    PRIMARY KEY (tenant, token)
) STRICT, WITHOUT ROWID;

CREATE TABLE share_claim (
    tenant TEXT NOT NULL,
    card TEXT NOT NULL,
    claimed_at TEXT NOT NULL,
    posted INTEGER NOT NULL DEFAULT 0, -- 1 once the post is known to be there
    PRIMARY KEY (tenant, card)
) STRICT, WITHOUT ROWID;

-- From here on: derived, rebuilt from the tables above whenever the analyser changes.

-- A passage is what a search finds: a note has one, a transcript's segment may have several.
CREATE TABLE passage (
    id INTEGER PRIMARY KEY,
    segment_id INTEGER NOT NULL REFERENCES segment (id),
    scope INTEGER NOT NULL REFERENCES scope (id), -- whose readers find it
    correction_id INTEGER, -- whose words these are; null: the source's
    ordinal INTEGER NOT NULL DEFAULT 0,
    start_ms INTEGER, -- null: as its segment
    end_ms INTEGER,
    title_stems TEXT NOT NULL,
    text_stems TEXT NOT NULL,
    UNIQUE (segment_id, scope, ordinal)
) STRICT;

-- Its rowid is the passage's id. Every term carries its scope in front (`1:cach`), so a search
-- costs what its own scopes hold, whatever the others do. All that is not a space is part of a
-- term: what lies outside ASCII always, and of ASCII the marks that the analyser leaves.
CREATE VIRTUAL TABLE passage_index USING fts5 (
    episode, title, text, content = '', tokenize = "ascii tokenchars '+#:'"
);

-- Surface words, for spelling. `df`: how many segments hold the word; for a tenant's scope the
-- difference its corrections of public segments make, so that the scopes a reader has add up.
CREATE TABLE vocabulary (
    scope INTEGER NOT NULL,
    length INTEGER NOT NULL,
    word TEXT NOT NULL,
    letters INTEGER NOT NULL, -- which letters it has, as bits; 0: not only letters
    df INTEGER NOT NULL,
    PRIMARY KEY (scope, length, word)
) STRICT, WITHOUT ROWID;

CREATE TABLE stem_frequency (
    scope INTEGER NOT NULL,
    stem TEXT NOT NULL,
    df INTEGER NOT NULL,
    PRIMARY KEY (scope, stem)
) STRICT, WITHOUT ROWID;

-- For every word of a title the folded title from there on, for completion while typing.
CREATE TABLE title_start (
    scope INTEGER NOT NULL,
    within INTEGER NOT NULL, -- 0: the title's first word, 1: a later one
    rest TEXT NOT NULL,
    segment_id INTEGER NOT NULL,
    PRIMARY KEY (scope, within, rest, segment_id)
) STRICT, WITHOUT ROWID;
