-- An item of a feed that is in passing trouble is tried for days; one that ends its process is not.

ALTER TABLE feed_item ADD COLUMN failures INTEGER NOT NULL DEFAULT 0; -- in a row

-- `attempts` is from now on what was begun and never ended.
UPDATE feed_item SET attempts = 0;
