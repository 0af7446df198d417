-- Words that are said propose corrections too, as those of notes do. They are counted anew.
DROP TABLE spoken_word;

CREATE TABLE spoken_word (
    scope INTEGER NOT NULL,
    length INTEGER NOT NULL,
    word TEXT NOT NULL,
    letters INTEGER NOT NULL, -- as in vocabulary
    df INTEGER NOT NULL,
    PRIMARY KEY (scope, length, word)
) STRICT, WITHOUT ROWID;
