-- The receipt of a ciphertext that has come whole, beside that of its commitment (bid_receipt): one for each version of a bid at most.
CREATE TABLE bid_arrival (
  bid BYTEA NOT NULL REFERENCES bid (id),
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  receipt TEXT NOT NULL,
  event BYTEA NOT NULL,
  PRIMARY KEY (bid, version)
);
