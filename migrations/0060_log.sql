-- The transparency log: what the spine and the openings become for everybody to verify. Written by one unit at a time,
-- which changes the head.

-- epoch: the last that an entry stands for. filled: slots taken in the epoch after it. seq: the last event in a slot.
-- frontier: the roots of the tree's perfect subtrees, 32 bytes each, the largest first.
CREATE TABLE log_head (
  id BIGINT PRIMARY KEY,
  size BIGINT NOT NULL,
  frontier BYTEA NOT NULL,
  epoch BIGINT NOT NULL,
  filled BIGINT NOT NULL,
  seq BIGINT NOT NULL
);

-- One for each epoch; root is NULL in the entry of a gap.
CREATE TABLE log_entry (
  position BIGINT PRIMARY KEY,
  first_epoch BIGINT NOT NULL UNIQUE,
  last_epoch BIGINT NOT NULL UNIQUE,
  root BYTEA
);

-- The roots of subtrees of 256, 256 times 256 … entries: what tiles above the lowest hold.
CREATE TABLE log_node (
  level BIGINT NOT NULL,
  position BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (level, position)
);

-- The signed checkpoint of every 256th size, which an audit compares with what it finds.
CREATE TABLE log_checkpoint (
  size BIGINT PRIMARY KEY,
  note TEXT NOT NULL
);

CREATE TABLE log_source (
  code TEXT PRIMARY KEY
);
INSERT INTO log_source (code) VALUES ('event'), ('opening');

CREATE TABLE log_slot (
  epoch BIGINT NOT NULL,
  slot BIGINT NOT NULL,
  source TEXT NOT NULL REFERENCES log_source (code),
  id BYTEA NOT NULL,
  commitment BYTEA NOT NULL,
  PRIMARY KEY (epoch, slot),
  UNIQUE (source, id)
);

-- What witnesses have put under a checkpoint of this size.
CREATE TABLE log_cosignature (
  size BIGINT NOT NULL,
  witness TEXT NOT NULL,
  line TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (size, witness)
);

-- The epoch in which an opening has its slot; NULL while it waits for one.
ALTER TABLE opening ADD COLUMN logged BIGINT;
CREATE INDEX opening_unlogged ON opening (at, id) WHERE logged IS NULL;
