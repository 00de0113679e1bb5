-- Tenders from draft to award. Everything carries the tender it would be distributed by.

CREATE TABLE tender_state (
  code TEXT PRIMARY KEY
);
INSERT INTO tender_state (code) VALUES
  ('draft'), ('published'), ('closed'), ('evaluation'), ('awarded'), ('failed');

CREATE TABLE lot_state (
  code TEXT PRIMARY KEY
);
INSERT INTO lot_state (code) VALUES ('open'), ('closed'), ('evaluation'), ('awarded'), ('failed');

-- next_check: the earliest pending timed event in µs; 9223372036854775807 when there is none.
-- recipient: the public key that envelopes are sealed to; its secret half lies in the key database.
CREATE TABLE tender (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  number TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  method TEXT NOT NULL,
  regime TEXT NOT NULL,
  category TEXT NOT NULL,
  region TEXT NOT NULL,
  summary TEXT NOT NULL,
  budget_shown BIGINT NOT NULL,
  state TEXT NOT NULL REFERENCES tender_state (code),
  questions_until BIGINT NOT NULL,
  deadline BIGINT NOT NULL,
  zone TEXT NOT NULL,
  questions_closed BIGINT NOT NULL,
  next_check BIGINT NOT NULL,
  recipient TEXT,
  published_at BIGINT,
  opened_at BIGINT,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX tender_by_company ON tender (company, created_at, id);
CREATE INDEX tender_by_state ON tender (state, deadline, id);
CREATE INDEX tender_due ON tender (next_check, id);

-- budget: CNY in fen.
CREATE TABLE lot (
  id BYTEA PRIMARY KEY,
  tender BYTEA NOT NULL REFERENCES tender (id),
  position BIGINT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  budget BIGINT,
  state TEXT NOT NULL REFERENCES lot_state (code),
  version BIGINT NOT NULL,
  UNIQUE (tender, position)
);

CREATE TABLE tender_document (
  id BYTEA PRIMARY KEY,
  tender BYTEA NOT NULL REFERENCES tender (id),
  name TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 BYTEA NOT NULL,
  region TEXT NOT NULL,
  blob TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX tender_document_by_tender ON tender_document (tender, created_at, id);

-- asker: a keyed hash of tender and company, so that the row does not say who asks.
CREATE TABLE question (
  id BYTEA PRIMARY KEY,
  tender BYTEA NOT NULL REFERENCES tender (id),
  asker BYTEA NOT NULL,
  text TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  answer TEXT,
  answered_at BIGINT,
  version BIGINT NOT NULL
);
CREATE INDEX question_by_tender ON question (tender, asked_at, id);
