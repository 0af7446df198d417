-- Shortened notes, each paid for once, and what each day took.

-- ``tenant`` is whose text it is. The row goes with the segment that it was first made for.
CREATE TABLE summary (
    tenant TEXT NOT NULL,
    key TEXT NOT NULL, -- a digest of the text and of what else decides the words
    segment_id INTEGER NOT NULL REFERENCES segment (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('asked', 'there', 'resting')),
    owner TEXT NOT NULL, -- of the last claim
    until TEXT CHECK ((state = 'there') = (until IS NULL)), -- when it may be asked again
    text TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX summary_by_segment ON summary (segment_id);

-- ``tenant`` is who asked.
CREATE TABLE model_use (
    day TEXT NOT NULL,
    tenant TEXT NOT NULL,
    calls INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    tokens_in INTEGER NOT NULL DEFAULT 0,
    tokens_out INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, tenant)
) STRICT, WITHOUT ROWID;
