-- What was said in an episode, sentence by sentence, beside its notes and independent of them.

CREATE TABLE transcript (
    episode_id INTEGER PRIMARY KEY REFERENCES episode (id) ON DELETE CASCADE,
    digest TEXT NOT NULL, -- of the whole draft: the same transcript is not stored twice
    language TEXT NOT NULL,
    source_label TEXT NOT NULL,
    sentence_count INTEGER NOT NULL,
    end_ms INTEGER NOT NULL, -- when its last word ends
    passage_count INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE sentence (
    episode_id INTEGER NOT NULL REFERENCES transcript (episode_id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, -- from 0, by time
    start_ms INTEGER NOT NULL CHECK (start_ms >= 0),
    end_ms INTEGER NOT NULL CHECK (end_ms >= start_ms),
    speaker TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (episode_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE INDEX sentence_by_time ON sentence (episode_id, start_ms);

ALTER TABLE scope ADD COLUMN spoken_count INTEGER NOT NULL DEFAULT 0; -- passages

-- From here on: derived, rebuilt from the tables above whenever the analyser changes.

-- A stretch of some eighty words, from one sentence of a transcript to another.
CREATE TABLE spoken_passage (
    id INTEGER PRIMARY KEY,
    episode_id INTEGER NOT NULL REFERENCES episode (id),
    scope INTEGER NOT NULL REFERENCES scope (id),
    first_sentence INTEGER NOT NULL,
    last_sentence INTEGER NOT NULL,
    stems TEXT NOT NULL,
    UNIQUE (episode_id, first_sentence)
) STRICT;

-- As passage_index: its rowid is the passage's id, and every term carries its scope.
CREATE VIRTUAL TABLE spoken_index USING fts5 (
    episode, text, content = '', tokenize = "ascii tokenchars '+#:'"
);

-- What is spoken is counted apart from what is noted: a note is not like another because the talk
-- is full of its words, and nothing is taken for a misspelling of what captions misheard.
CREATE TABLE spoken_word (
    scope INTEGER NOT NULL,
    word TEXT NOT NULL,
    df INTEGER NOT NULL,
    PRIMARY KEY (scope, word)
) STRICT, WITHOUT ROWID;

CREATE TABLE spoken_stem (
    scope INTEGER NOT NULL,
    stem TEXT NOT NULL,
    df INTEGER NOT NULL,
    PRIMARY KEY (scope, stem)
) STRICT, WITHOUT ROWID;
