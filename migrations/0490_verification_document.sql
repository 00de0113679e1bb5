-- Identity documents (身份证件) of who acts for a company (clause 2.5): one of each case about a person.
CREATE TABLE verification_document_kind (code TEXT PRIMARY KEY);
INSERT INTO verification_document_kind (code)
VALUES ('resident-id'), ('hong-kong-macao-permit'), ('taiwan-permit'), ('permanent-residence'), ('passport');

-- name, number: as typed, sealed under the key of the person whose they are; number holds its kind, too. number_index: a keyed hash of it,
-- which finds the same number again; it goes with the row. representative: the row of the company's record whose name it was
-- compared with. found, found_reason, found_by, found_at: what a reviewer says of the same number under another account.
CREATE TABLE verification_document (
  id BYTEA PRIMARY KEY,
  verification BYTEA NOT NULL UNIQUE REFERENCES verification_case (id),
  subject BYTEA NOT NULL,
  kind TEXT NOT NULL REFERENCES verification_document_kind (code),
  name BYTEA NOT NULL,
  number BYTEA NOT NULL,
  number_index BYTEA NOT NULL,
  representative BYTEA,
  given_at BIGINT NOT NULL,
  found TEXT,
  found_reason TEXT,
  found_by BYTEA,
  found_at BIGINT
);
CREATE INDEX verification_document_by_number ON verification_document (number_index, id);
CREATE INDEX verification_document_by_subject ON verification_document (subject, given_at, id);

-- What was accepted before stays accepted until it is shown anew, which asks for the number. What waits for a reviewer goes back, since
-- nobody could accept it without.
INSERT INTO verification_step (verification, step, state)
SELECT id, 'identity', CASE WHEN state = 'handed-in' THEN 'refused' ELSE 'missing' END
FROM verification_case WHERE kind IN ('legal-representative', 'authorised-bidder');
UPDATE verification_step SET reason = '现在还须填写身份证件上的姓名和号码，并上传证件的图片；其他材料不用再交。'
WHERE step = 'identity' AND state = 'refused';
UPDATE verification_case SET state = 'returned', claimed_by = NULL, claimed_until = NULL, version = version + 1
WHERE state = 'handed-in' AND kind IN ('legal-representative', 'authorised-bidder');
