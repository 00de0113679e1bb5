-- Extension of the validity of bids (投标有效期延长): what a buyer has asked of its bidders, and what each has answered. days: beside those that the
-- tender says. due_at: until when answers are taken.
CREATE TABLE validity_extension (
  id BYTEA PRIMARY KEY,
  tender BYTEA NOT NULL REFERENCES tender (id),
  days BIGINT NOT NULL,
  reason TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL
);
CREATE INDEX validity_extension_by_tender ON validity_extension (tender, asked_at, id);

-- One for each bid, and for good. agrees: 1, or 0: then the bid has lapsed, at no disadvantage.
CREATE TABLE validity_answer (
  extension BYTEA NOT NULL REFERENCES validity_extension (id),
  bid BYTEA NOT NULL REFERENCES bid (id),
  agrees BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  PRIMARY KEY (extension, bid)
);
CREATE INDEX validity_answer_by_bid ON validity_answer (bid, extension);
