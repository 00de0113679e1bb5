-- What a committee has asked a bidder in writing, as a body: no row says which evaluator. kind: `price`, to justify a low one, or `meaning`.
CREATE TABLE inquiry (
  id BYTEA PRIMARY KEY,
  tender BYTEA NOT NULL REFERENCES tender (id),
  lot BYTEA NOT NULL REFERENCES lot (id),
  bid BYTEA NOT NULL REFERENCES bid (id),
  kind TEXT NOT NULL,
  question TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  answer TEXT,
  answered_at BIGINT
);
CREATE INDEX inquiry_by_lot ON inquiry (lot, asked_at, id);
CREATE INDEX inquiry_by_bid ON inquiry (bid, asked_at, id);
