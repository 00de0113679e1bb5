-- Open data (OCDS 1.1.5): what was published of our own tenders. Immutable: rows are only inserted.

-- The ocid of a tender, given with its first release and kept though the prefix be configured anew.
CREATE TABLE ocds_process (
  tender BYTEA PRIMARY KEY,
  ocid TEXT NOT NULL UNIQUE
);

-- The releases, as they are served: `body` is the JSON of one. `number` counts them from 1 without a gap, in the order in which
-- the follower made them, which is the feed's. Within a tender `at` only grows.
CREATE TABLE ocds_release (
  number BIGINT PRIMARY KEY,
  id BYTEA NOT NULL UNIQUE,
  tender BYTEA NOT NULL,
  at BIGINT NOT NULL,
  is_award BIGINT NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX ocds_release_of_tender ON ocds_release (tender, number);
