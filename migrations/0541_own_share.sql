-- Where a tender allows it, a bidder keeps a share of its own bid, which may stand in for one holder and is never needed.
-- share: base64, as the bidder's own key took it out of its box; gone with the opening.
CREATE TABLE opening_own (
  bid BYTEA PRIMARY KEY REFERENCES bid (id),
  tender BYTEA NOT NULL REFERENCES tender (id),
  share TEXT NOT NULL,
  given_at BIGINT NOT NULL
);
CREATE INDEX opening_own_by_tender ON opening_own (tender, bid);
