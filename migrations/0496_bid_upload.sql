-- Ciphertexts of bids that were committed to first and are uploaded after: while envelope and blob of a sealed bid are both NULL its
-- ciphertext has not come. incomplete: it had not come when bids were counted.
INSERT INTO bid_state (code) VALUES ('incomplete');

-- length: the size of the bid's ciphertext. received: how many of its bytes lie on disk for sure, in the file that bears this id; all of
-- them only in the unit that names the blob. refused: why what was uploaded last was thrown away.
CREATE TABLE bid_upload (
  id BYTEA PRIMARY KEY,
  bid BYTEA NOT NULL UNIQUE REFERENCES bid (id),
  length BIGINT NOT NULL,
  received BIGINT NOT NULL,
  refused TEXT,
  begun_at BIGINT NOT NULL
);

-- Quotations and direct orders that many hands open are closed ten minutes after their deadline from now on (profiles.toml,
-- upload_grace_minutes).
UPDATE tender SET next_check = next_check + 600000000
  WHERE state = 'published' AND method IN ('quotation', 'direct') AND hands IS NOT NULL AND next_check = deadline;
