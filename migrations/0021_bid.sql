-- Sealed bids, what their opening brought to light, and awards.

CREATE TABLE bid_state (
  code TEXT PRIMARY KEY
);
INSERT INTO bid_state (code) VALUES ('sealed'), ('withdrawn'), ('opened'), ('unreadable');

-- bidder: a keyed hash of tender and company. company, price and what follows are NULL until the opening.
-- envelope: age ciphertext of padded size, here up to 16 KB, else a blob.
CREATE TABLE bid (
  id BYTEA PRIMARY KEY,
  tender BYTEA NOT NULL REFERENCES tender (id),
  lot BYTEA NOT NULL REFERENCES lot (id),
  bidder BYTEA NOT NULL,
  state TEXT NOT NULL REFERENCES bid_state (code),
  envelope BYTEA,
  region TEXT NOT NULL,
  blob TEXT,
  size BIGINT NOT NULL,
  sha256 BYTEA NOT NULL,
  received_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  company BYTEA,
  company_name TEXT,
  price BIGINT,
  delivery_days BIGINT,
  note TEXT,
  UNIQUE (lot, bidder)
);
CREATE INDEX bid_by_tender ON bid (tender, lot, id);
CREATE INDEX bid_by_company ON bid (company, received_at, id) WHERE company IS NOT NULL;

-- One row per act before the deadline: the receipt is what the bidder holds.
CREATE TABLE bid_receipt (
  bid BYTEA NOT NULL REFERENCES bid (id),
  version BIGINT NOT NULL,
  act TEXT NOT NULL,
  at BIGINT NOT NULL,
  receipt TEXT NOT NULL,
  PRIMARY KEY (bid, version)
);

CREATE TABLE bid_file (
  id BYTEA PRIMARY KEY,
  tender BYTEA NOT NULL REFERENCES tender (id),
  bid BYTEA NOT NULL REFERENCES bid (id),
  name TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 BYTEA NOT NULL,
  region TEXT NOT NULL,
  blob TEXT NOT NULL
);
CREATE INDEX bid_file_by_bid ON bid_file (bid, id);

CREATE TABLE award (
  lot BYTEA PRIMARY KEY REFERENCES lot (id),
  tender BYTEA NOT NULL REFERENCES tender (id),
  bid BYTEA NOT NULL REFERENCES bid (id),
  company BYTEA NOT NULL REFERENCES company (id),
  amount BIGINT NOT NULL,
  reason TEXT NOT NULL,
  decided_by BYTEA NOT NULL,
  decided_at BIGINT NOT NULL
);
CREATE INDEX award_by_tender ON award (tender, lot);
