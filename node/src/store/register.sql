-- The register: what this node lists, what it believes of others' lists, and which keys passed on.

-- Rows of our own register; what federates is a line in record.
CREATE TABLE member (
  id         TEXT PRIMARY KEY,    -- which node
  name       TEXT NOT NULL,       -- the name people read
  keys       TEXT NOT NULL,       -- its keys, the present one first, with spaces between
  keys_until INTEGER,             -- when all but the first end; NULL if there is one
  url        TEXT,                -- where it lives
  status     TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'left')),
  register   INTEGER NOT NULL,    -- 1: it is a register itself
  successor  TEXT,                -- the node that has taken its place
  updated_at INTEGER NOT NULL
) STRICT;

-- What is believed of each register: the state, and when a person confirmed that it had shrunk.
CREATE TABLE believed (
  register     TEXT PRIMARY KEY,
  seq          INTEGER,           -- number of the state believed last
  confirmed_at INTEGER            -- what went before this does not count as shrinking any more
) STRICT;

-- The rows believed of each register, and since when each stands as it does.
CREATE TABLE belief (
  register  TEXT NOT NULL,
  id        TEXT NOT NULL,
  line      BLOB NOT NULL,        -- the row as a line of a members feed
  condition TEXT NOT NULL CHECK (condition IN ('active', 'suspended', 'left', 'missing')),
  since     INTEGER,              -- NULL while it is active
  PRIMARY KEY (register, id)
) STRICT;

-- States that a person has confirmed although half of the nodes are gone from them.
CREATE TABLE confirmed (
  register TEXT PRIMARY KEY,
  seq      INTEGER NOT NULL
) STRICT;

-- Keys that passed on to another, as both have signed.
CREATE TABLE rotation (
  node       TEXT NOT NULL,
  before_key TEXT NOT NULL,
  after_key  TEXT NOT NULL,
  at         INTEGER NOT NULL,    -- when it was seen here
  PRIMARY KEY (node, before_key)
) STRICT;

-- Anchor notes: which keys an anchor signs with, said by its recovery key; our own included.
CREATE TABLE anchor (
  node   TEXT PRIMARY KEY,
  note   BLOB NOT NULL,
  issued INTEGER NOT NULL
) STRICT;

-- Suspended nodes: their copies are kept as evidence, neither shown nor served.
CREATE TABLE hidden (
  node TEXT PRIMARY KEY
) STRICT;
