-- Owners ask colleagues to answer for the company, too, or instead of them. account: who is asked. hands_over: 1 when the
-- owner who asks is none any more once it is accepted.
CREATE TABLE ownership_offer_state (code TEXT PRIMARY KEY);
INSERT INTO ownership_offer_state (code) VALUES ('waiting'), ('accepted'), ('declined'), ('withdrawn');

CREATE TABLE ownership_offer (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  account BYTEA NOT NULL REFERENCES account (id),
  offered_by BYTEA NOT NULL REFERENCES account (id),
  hands_over BIGINT NOT NULL,
  state TEXT NOT NULL REFERENCES ownership_offer_state (code),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX ownership_offer_by_company ON ownership_offer (company, state, created_at, id);
