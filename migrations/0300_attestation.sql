-- Attestations (核验): facts of a company that an entrusted service was asked to confirm, for a case of verification.

CREATE TABLE attestation_state (code TEXT PRIMARY KEY);
INSERT INTO attestation_state (code)
VALUES ('waiting'), ('confirmed'), ('differs'), ('unsaid'), ('given-up'), ('withdrawn');

-- name, credit_code, representative: the values that were asked about; of the person's name the row that held it, never the
-- name. job: the only one that may ask; another that comes late notes nothing. tries: how often it was asked. refused: how many
-- answers did not count. trouble: why the last try came to nothing. differs: codes of facts, a space between two.
-- token: by which the service knows its answer again; it tells nothing of anybody.
CREATE TABLE verification_attestation (
  id BYTEA PRIMARY KEY,
  verification BYTEA NOT NULL REFERENCES verification_case (id),
  company BYTEA NOT NULL REFERENCES company (id),
  asked_by BYTEA NOT NULL,
  asked_at BIGINT NOT NULL,
  name TEXT NOT NULL,
  credit_code TEXT NOT NULL,
  representative BYTEA NOT NULL,
  state TEXT NOT NULL REFERENCES attestation_state (code),
  job BYTEA,
  tries BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  trouble TEXT,
  differs TEXT,
  token TEXT,
  due_at BIGINT,
  answered_at BIGINT
);
CREATE INDEX verification_attestation_of ON verification_attestation (verification, asked_at, id);
CREATE INDEX verification_attestation_of_company ON verification_attestation (company, id);

-- How often what came of it, in this installation: answers that do not count are an attack, or a service that is broken.
CREATE TABLE attestation_count (
  outcome TEXT PRIMARY KEY,
  n BIGINT NOT NULL,
  last_at BIGINT NOT NULL
);
