-- Bids sealed to many hands. hands: JSON, how many of which holders' keys it takes beside the platform's; NULL where the platform's
-- alone opens. commitment: the bidder's canonical line about the envelope. flaw: why an envelope was disclosed as unreadable.
ALTER TABLE tender ADD COLUMN hands TEXT;
ALTER TABLE bid ADD COLUMN commitment TEXT;
ALTER TABLE bid ADD COLUMN flaw TEXT;

-- After the hour, until the opening: what was under the platform's layer of a sealed bid. boxes: JSON, one for each holder, which
-- only the holder opens; NULL with a flaw when the envelope has none.
CREATE TABLE opening_box (
  bid BYTEA PRIMARY KEY REFERENCES bid (id),
  tender BYTEA NOT NULL REFERENCES tender (id),
  boxes TEXT,
  flaw TEXT
);
CREATE INDEX opening_box_by_tender ON opening_box (tender, bid);

-- The shares that a holder has given for a tender. parts: JSON, one for each bid. whole: none of them was missing.
CREATE TABLE opening_share (
  tender BYTEA NOT NULL REFERENCES tender (id),
  recipient TEXT NOT NULL,
  parts TEXT NOT NULL,
  whole BIGINT NOT NULL,
  given_at BIGINT NOT NULL,
  PRIMARY KEY (tender, recipient)
);
