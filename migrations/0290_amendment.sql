-- Amendments (变更) of a published tender: what changed, why, which lots they touch. Numbered from 1 in their tender.

CREATE TABLE amendment_class (
  code TEXT PRIMARY KEY
);
INSERT INTO amendment_class (code) VALUES ('dates'), ('editorial'), ('material');

-- changes: JSON, a list of field, what stood there before, what stands there now. lots: JSON, the numbers of those it touches.
CREATE TABLE amendment (
  id BYTEA PRIMARY KEY,
  tender BYTEA NOT NULL REFERENCES tender (id),
  number BIGINT NOT NULL,
  class TEXT NOT NULL REFERENCES amendment_class (code),
  reason TEXT NOT NULL,
  changes TEXT NOT NULL,
  lots TEXT NOT NULL,
  decided_by BYTEA NOT NULL,
  decided_at BIGINT NOT NULL,
  UNIQUE (tender, number)
);

-- The number of the last material amendment that touches the lot; 0 for none.
ALTER TABLE lot ADD COLUMN amended BIGINT NOT NULL DEFAULT 0;

-- What the lot's `amended` was when the bid was sealed or confirmed. An amendment touches no row of bids: one that is behind its
-- lot is to be confirmed, and lapses at the deadline otherwise.
ALTER TABLE bid ADD COLUMN answers BIGINT NOT NULL DEFAULT 0;
INSERT INTO bid_state (code) VALUES ('lapsed');

-- The number of the amendment that a document came with.
ALTER TABLE tender_document ADD COLUMN amendment BIGINT;
