-- A keyed hash of what a page shows, so that the same picture in another company's case is seen; it goes with the page.
ALTER TABLE verification_page ADD COLUMN mark BYTEA;
CREATE INDEX verification_page_by_mark ON verification_page (mark, id) WHERE mark IS NOT NULL;

-- Approvals that were drawn for a second reviewer. round: when the case was accepted (verification_case.accepted_at); of one that
-- was shown anew meanwhile nobody says anything. agrees: NULL until the second has said so. reason: why they do not.
CREATE TABLE verification_sample (
  verification BYTEA NOT NULL REFERENCES verification_case (id),
  round BIGINT NOT NULL,
  first BYTEA NOT NULL,
  second BYTEA,
  agrees BIGINT,
  reason TEXT,
  decided_at BIGINT,
  PRIMARY KEY (verification, round)
);
CREATE INDEX verification_sample_waiting ON verification_sample (round, verification) WHERE decided_at IS NULL;
