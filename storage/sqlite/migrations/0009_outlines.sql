-- Which transcript of an episode was looked through for chapters that nobody set.

CREATE TABLE outline (
    episode_id INTEGER PRIMARY KEY REFERENCES episode (id) ON DELETE CASCADE,
    digest TEXT NOT NULL -- of the transcript
) STRICT;
