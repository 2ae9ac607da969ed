-- Restored backups, erasure at once, receipts, and alarms that end.

-- What adopting the own published state changed here: kept for seven days, in case it was a mistake.
CREATE TABLE difference (
  id    TEXT PRIMARY KEY,         -- an own opportunity
  -- withheld: only the backup had it; replaced: both had it, and the published one is newer;
  -- added: only the published state had it
  what  TEXT NOT NULL CHECK (what IN ('withheld', 'replaced', 'added')),
  body  TEXT,                     -- what the backup said; NULL if it had nothing to show
  until INTEGER NOT NULL          -- when it is erased
) STRICT;

-- Own opportunities to be erased: the next publication keeps no replaced object.
CREATE TABLE erasing (
  id TEXT PRIMARY KEY
) STRICT;

-- Which own state each peer says it holds, by its heads feed.
CREATE TABLE receipt (
  node  TEXT NOT NULL,            -- whose word
  feed  TEXT NOT NULL,            -- which own feed
  seq   INTEGER NOT NULL,         -- the number that it has applied; 0 if it lists none
  at    INTEGER NOT NULL,         -- when it said so
  PRIMARY KEY (node, feed)
) STRICT;

-- An alarm ends when the operator has seen it; the proof stays.
ALTER TABLE equivocation ADD COLUMN seen_at INTEGER;
