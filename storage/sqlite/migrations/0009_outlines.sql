-- Which transcript of an episode was looked through for chapters that nobody set.

CREATE TABLE outline (
    episode_id INTEGER PRIMARY KEY REFERENCES episode (id) ON DELETE CASCADE,
    digest TEXT NOT NULL -- of the transcript
) STRICT;

-- What digests watch already and has no moment will get some now, which are no news of today.
DELETE FROM watched_episode
WHERE episode_id IN (SELECT id FROM episode WHERE segment_count = 0);
