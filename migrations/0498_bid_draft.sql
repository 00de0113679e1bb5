-- Drafts of bids, which the members of a bidder share until the bid is submitted or its lot ends.
-- bidder: the keyed hash that stands in rows of bids. content: what was drafted and who wrote this version, under the company's key.
CREATE TABLE bid_draft (
  lot BYTEA NOT NULL REFERENCES lot (id),
  bidder BYTEA NOT NULL,
  content BYTEA NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (lot, bidder)
);
