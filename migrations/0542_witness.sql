-- Who is asked to witness the opening of a tender (开标见证人): a person of another company or of the operator, told by the public half of
-- their opening key and never by name. accepted: NULL while they have not answered.
CREATE TABLE tender_witness (
  tender BYTEA PRIMARY KEY REFERENCES tender (id),
  recipient TEXT NOT NULL,
  accepted BIGINT,
  asked_at BIGINT NOT NULL,
  answered_at BIGINT
);
CREATE INDEX tender_witness_by_recipient ON tender_witness (recipient, tender);
