-- Daily digests: who wants one and when, what it tells of, and what became of each day's turn.
-- What was delivered is never deleted, whatever becomes of the moments it told of.

CREATE TABLE schedule (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    platform TEXT NOT NULL AS (substr(tenant, 1, instr(tenant || ':', ':') - 1)) VIRTUAL,
    channel TEXT NOT NULL,
    at TEXT NOT NULL, -- on the wall clock of the zone
    zone TEXT NOT NULL,
    when_empty TEXT NOT NULL CHECK (when_empty IN ('quiet', 'resurface')),
    set_by TEXT NOT NULL,
    first_day TEXT NOT NULL,
    due_at TEXT NOT NULL, -- when the next turn opens, or the last one is tried again
    is_on INTEGER NOT NULL DEFAULT 1 CHECK (is_on IN (0, 1)),
    paused TEXT NOT NULL DEFAULT '', -- why nothing can be posted
    UNIQUE (tenant, channel)
) STRICT;

CREATE INDEX schedule_due ON schedule (platform, due_at) WHERE is_on = 1;

-- The ids rise in the order in which a schedule's episodes were watched.
CREATE TABLE watched_episode (
    id INTEGER PRIMARY KEY,
    schedule_id INTEGER NOT NULL REFERENCES schedule (id),
    episode_id INTEGER NOT NULL REFERENCES episode (id) ON DELETE CASCADE,
    UNIQUE (schedule_id, episode_id)
) STRICT;

CREATE INDEX watched_episode_by_episode ON watched_episode (episode_id);

CREATE TABLE delivery (
    schedule_id INTEGER NOT NULL REFERENCES schedule (id),
    day TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('sending', 'posted', 'quiet', 'pending', 'doubt')),
    since TEXT NOT NULL, -- when what may be there was first tried
    owner TEXT NOT NULL, -- of the last claim
    leased_until TEXT CHECK ((state = 'sending') = (leased_until IS NOT NULL)),
    message TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (schedule_id, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivery_lease ON delivery (leased_until) WHERE state = 'sending';

-- A segment's id is never used again, and is kept when the segment is gone: so it refers to none.
CREATE TABLE delivered_moment (
    schedule_id INTEGER NOT NULL,
    day TEXT NOT NULL,
    place INTEGER NOT NULL,
    segment_id INTEGER NOT NULL,
    PRIMARY KEY (schedule_id, day, place),
    FOREIGN KEY (schedule_id, day) REFERENCES delivery (schedule_id, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX delivered_moment_by_segment ON delivered_moment (schedule_id, segment_id);
