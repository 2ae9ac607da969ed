-- Version 1. STRICT, every column explained; times are Unix milliseconds UTC, days are YYYY-MM-DD.
-- Migrations are numbered and forward only: this file is never edited once released, a 2.sql follows.

-- Facts about this database.
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,         -- 'node': whose database; 'change': number of the last change
  value TEXT NOT NULL
) STRICT;

-- Own opportunities as people here edit them; what federates is a line in record.
CREATE TABLE draft (
  id            TEXT PRIMARY KEY, -- the record's id, for ever
  -- withdrawn: by somebody here, stays so; gone: its source does not list it any more, may come back
  status        TEXT NOT NULL CHECK (status IN ('live', 'withdrawn', 'gone')),
  body          TEXT,             -- the record as JSON; NULL unless live, so that its text is gone
  valid_until   TEXT NOT NULL,    -- last day it is shown
  explicit_end  INTEGER NOT NULL, -- 1: the source said when it ends; 0: six months from import
  source_system TEXT NOT NULL,    -- where it comes from; '' if it was made here
  source_id     TEXT NOT NULL,    -- its key there; its own id if it was made here
  input         BLOB NOT NULL,    -- SHA-256 of the imported input, to see whether it changed
  pending       INTEGER NOT NULL, -- 1: the feed does not say this yet
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  UNIQUE (source_system, source_id)
) STRICT;
CREATE INDEX draft_pending ON draft (id) WHERE pending = 1;
CREATE INDEX draft_valid_until ON draft (valid_until) WHERE status = 'live';

-- Random organisation ids by what a source calls the organisation.
CREATE TABLE organisation_key (
  key BLOB PRIMARY KEY,           -- SHA-256 of source and its name or key there
  id  TEXT NOT NULL               -- random, never derived from a name
) STRICT;

-- The state held of each feed, our own included.
CREATE TABLE feed (
  row         INTEGER PRIMARY KEY,
  node        TEXT NOT NULL,      -- whose feed
  feed        TEXT NOT NULL,      -- 'offers', 'members', 'heads'
  seq         INTEGER NOT NULL,   -- number of the state
  head        BLOB NOT NULL,      -- the signed note as received
  index_hash  BLOB NOT NULL,      -- SHA-256 of index_bytes
  index_bytes BLOB NOT NULL,      -- the index as received
  expires     INTEGER NOT NULL,   -- when the head expires
  applied_at  INTEGER NOT NULL,   -- when this state was committed here
  UNIQUE (node, feed)
) STRICT;

-- Records of all feeds: own published ones and verified copies. Never a draft.
CREATE TABLE record (
  row    INTEGER PRIMARY KEY AUTOINCREMENT, -- stable name in the search index, never used again
  feed   INTEGER NOT NULL REFERENCES feed (row),
  place  BLOB NOT NULL,           -- SHA-256(id): where it stands in its feed
  id     TEXT NOT NULL,
  kind   TEXT NOT NULL,           -- 'opportunity', another kind, or '' if it cannot be understood
  line   BLOB NOT NULL,           -- the bytes as signed, without the line feed
  hash   BLOB NOT NULL,           -- SHA-256(line), checked on read-out
  change INTEGER NOT NULL,        -- number of the change that wrote it
  UNIQUE (feed, place)
) STRICT;
CREATE INDEX record_change ON record (change);
CREATE INDEX record_id ON record (id);

-- Rows that are gone and that the search index has yet to forget.
CREATE TABLE removal (
  row    INTEGER PRIMARY KEY,     -- record.row
  change INTEGER NOT NULL
) STRICT;

-- Which slice of which feed has which hash: what a relay serves is rebuilt from record.
CREATE TABLE slice (
  hash     BLOB NOT NULL,
  feed     INTEGER NOT NULL REFERENCES feed (row),
  k        INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (hash, feed, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX slice_feed ON slice (feed);

-- Own objects that were replaced: served for ten more minutes, then gone.
CREATE TABLE object (
  hash        BLOB PRIMARY KEY,
  bytes       BLOB NOT NULL,
  replaced_at INTEGER NOT NULL
) STRICT;

-- Verified slices of a transfer that is not complete.
CREATE TABLE staged (
  node  TEXT NOT NULL,
  feed  TEXT NOT NULL,
  hash  BLOB NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (node, feed, hash)
) STRICT;

-- States that were fetched and broke a rule: not fetched again.
CREATE TABLE refused (
  node       TEXT NOT NULL,
  feed       TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  index_hash BLOB NOT NULL,
  reason     TEXT NOT NULL,
  at         INTEGER NOT NULL,
  PRIMARY KEY (node, feed, seq, index_hash)
) STRICT;

-- Two signed heads with one seq: a proof that anybody can check.
CREATE TABLE equivocation (
  node   TEXT NOT NULL,
  feed   TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  first  BLOB NOT NULL,           -- the note held
  second BLOB NOT NULL,           -- the other
  at     INTEGER NOT NULL,
  PRIMARY KEY (node, feed, seq)
) STRICT;

-- What was learnt about each peer's feed when it was last asked.
CREATE TABLE contact (
  node       TEXT NOT NULL,
  feed       TEXT NOT NULL,
  newest     INTEGER,             -- newest seq that a verified head named
  asked_at   INTEGER,             -- when it was last asked
  reached_at INTEGER,             -- when a source last confirmed the state held
  error      TEXT,                -- why the last attempt failed; NULL if it did not
  day        INTEGER NOT NULL DEFAULT 0, -- the day the next two count for, days since 1970
  day_bytes  INTEGER NOT NULL DEFAULT 0, -- bytes moved that day
  day_changes INTEGER NOT NULL DEFAULT 0, -- records changed that day
  PRIMARY KEY (node, feed)
) STRICT;

-- Node documents, the newest of each node.
CREATE TABLE document (
  node   TEXT PRIMARY KEY,
  note   BLOB NOT NULL,
  issued INTEGER NOT NULL
) STRICT;

-- What this node signed, for 30 days: an own head that is not here was signed by a restored or stolen key.
CREATE TABLE signed (
  feed       TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  index_hash BLOB NOT NULL,
  at         INTEGER NOT NULL,
  PRIMARY KEY (feed, seq, index_hash)
) STRICT;

-- Who did what, without texts.
CREATE TABLE audit (
  row    INTEGER PRIMARY KEY AUTOINCREMENT,
  at     INTEGER NOT NULL,
  actor  TEXT NOT NULL,           -- 'operator', 'import:SYSTEM', 'job:NAME', 'peer:NODE'
  action TEXT NOT NULL,           -- a verb
  object TEXT NOT NULL,           -- an id
  detail TEXT NOT NULL            -- numbers and codes, never a person's words
) STRICT;

-- When each job of the timetable runs next.
CREATE TABLE job (
  name    TEXT PRIMARY KEY,
  next_at INTEGER NOT NULL
) STRICT;
