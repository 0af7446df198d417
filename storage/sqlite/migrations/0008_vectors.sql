-- What texts mean, as vectors: one for each different text that passages are found by, whoever's
-- it is. A text goes with the last passage that has it.

-- The one with the highest number is in use; one that comes back has a new number.
CREATE TABLE embedding_model (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL
) STRICT;

-- Ids are never reused: a vector that comes late finds its own text or none.
CREATE TABLE vector (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest BLOB NOT NULL UNIQUE, -- of the text
    loose INTEGER NOT NULL DEFAULT 0 CHECK (loose IN (0, 1)), -- 1: perhaps no passage has it
    model INTEGER NOT NULL DEFAULT 0, -- whose vector it is; 0: nobody's yet
    body BLOB -- a signed byte for each dimension
) STRICT;

CREATE INDEX vector_by_model ON vector (model, id DESC);
CREATE INDEX vector_loose ON vector (id) WHERE loose = 1;

ALTER TABLE passage ADD COLUMN vector_id INTEGER REFERENCES vector (id);
ALTER TABLE spoken_passage ADD COLUMN vector_id INTEGER REFERENCES vector (id);

CREATE INDEX passage_by_vector ON passage (vector_id);
CREATE INDEX spoken_passage_by_vector ON spoken_passage (vector_id);

-- When the passages of an episode or their vectors last changed, in a scope's own count. What is
-- kept in memory is brought up to date by it. An episode that is gone stays here.
CREATE TABLE vector_change (
    scope INTEGER NOT NULL,
    episode_id INTEGER NOT NULL,
    change INTEGER NOT NULL,
    PRIMARY KEY (scope, episode_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX vector_change_by_number ON vector_change (scope, change);
