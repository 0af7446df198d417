-- Imports as jobs, and feeds that are followed. A row is written before each step that has an
-- effect outside, so that whoever takes a job over knows where it stood.

CREATE TABLE import_job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    key TEXT NOT NULL, -- a digest of the request: asked twice, it is one job
    request TEXT NOT NULL, -- JSON
    title TEXT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('proposed', 'queued', 'running', 'done', 'parked', 'cancelled')),
    asked_by TEXT NOT NULL,
    created_at TEXT NOT NULL, -- last proposed or confirmed
    tell INTEGER NOT NULL DEFAULT 0 CHECK (tell IN (0, 1)), -- whether digests tell of it
    channel TEXT NOT NULL DEFAULT '', -- where it was confirmed
    post TEXT NOT NULL DEFAULT '' CHECK (post IN ('', 'wanted', 'begun', 'there', 'ended')),
    posting_at TEXT, -- when the message was first tried
    message TEXT NOT NULL DEFAULT '',
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at TEXT NOT NULL,
    owner TEXT NOT NULL DEFAULT '', -- of the claim
    leased_until TEXT,
    called_off INTEGER NOT NULL DEFAULT 0 CHECK (called_off IN (0, 1)),
    reason TEXT NOT NULL DEFAULT '',
    episode_id INTEGER REFERENCES episode (id) ON DELETE SET NULL,
    UNIQUE (tenant, key)
) STRICT;

CREATE INDEX import_job_due ON import_job (due_at)
WHERE state IN ('queued', 'running') OR post IN ('wanted', 'begun', 'there');
CREATE INDEX import_job_by_tenant ON import_job (tenant, created_at);
CREATE INDEX import_job_by_age ON import_job (created_at);
CREATE INDEX import_job_by_episode ON import_job (episode_id) WHERE episode_id IS NOT NULL;

-- What jobs are of, once for all that ask for the same; whoever reads one goes by a job of theirs.
CREATE TABLE document (
    digest TEXT PRIMARY KEY, -- of the bytes before they were packed
    body BLOB NOT NULL -- zlib
) STRICT;

CREATE TABLE import_part (
    job_id INTEGER NOT NULL REFERENCES import_job (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    digest TEXT NOT NULL REFERENCES document (digest),
    PRIMARY KEY (job_id, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX import_part_by_document ON import_part (digest);

CREATE TABLE feed (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'on', 'paused', 'stopped')),
    set_by TEXT NOT NULL,
    followed_at TEXT NOT NULL,
    begun INTEGER NOT NULL DEFAULT 0 CHECK (begun IN (0, 1)), -- whether its back catalog is in
    checked_at TEXT,
    next_at TEXT NOT NULL, -- when it is looked at next
    due_at TEXT NOT NULL, -- then, or when an item of it is due before
    failures INTEGER NOT NULL DEFAULT 0, -- in a row
    reason TEXT NOT NULL DEFAULT '',
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    owner TEXT NOT NULL DEFAULT '', -- of the claim
    leased_until TEXT,
    UNIQUE (tenant, url)
) STRICT;

CREATE INDEX feed_due ON feed (due_at) WHERE state = 'on';

-- Never deleted while its feed is known: what was seen once is not new again.
CREATE TABLE feed_item (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    feed_id INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
    guid TEXT NOT NULL,
    digest TEXT NOT NULL, -- of what it brings
    media_key TEXT NOT NULL,
    likeness TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'done', 'skipped', 'parked')),
    tell INTEGER NOT NULL CHECK (tell IN (0, 1)),
    plan TEXT NOT NULL, -- JSON, while it is to be imported
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    episode_id INTEGER REFERENCES episode (id) ON DELETE SET NULL,
    UNIQUE (feed_id, guid)
) STRICT;

CREATE INDEX feed_item_due ON feed_item (feed_id, due_at, id) WHERE state = 'queued';
CREATE INDEX feed_item_by_state ON feed_item (feed_id, state);
CREATE INDEX feed_item_by_episode ON feed_item (episode_id) WHERE episode_id IS NOT NULL;
