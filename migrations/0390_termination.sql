-- Termination (终止) of a published tender, whole or some of its lots: nothing of these is opened or awarded any more. Public.

INSERT INTO tender_state (code) VALUES ('terminated');
INSERT INTO lot_state (code) VALUES ('terminated');
-- A sealed bid for a terminated lot: its envelope was destroyed unopened.
INSERT INTO bid_state (code) VALUES ('terminated');

-- lots: JSON, the numbers of those that it ends.
CREATE TABLE termination (
  id BYTEA PRIMARY KEY,
  tender BYTEA NOT NULL REFERENCES tender (id),
  reason TEXT NOT NULL,
  lots TEXT NOT NULL,
  decided_by BYTEA NOT NULL,
  decided_at BIGINT NOT NULL
);
CREATE INDEX termination_by_tender ON termination (tender, decided_at, id);

-- Tendering again (重新招标): the tender whose lots that ended without an award are tendered again, and how often that makes it.
ALTER TABLE tender ADD COLUMN again_of BYTEA;
ALTER TABLE tender ADD COLUMN round BIGINT NOT NULL DEFAULT 1;
CREATE INDEX tender_by_again_of ON tender (again_of) WHERE again_of IS NOT NULL;
