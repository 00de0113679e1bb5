-- Lists of companies that an administrator of the operator hands in as a spreadsheet: the same shape as lists of colleagues
-- (0360), with what they prepare. operator: who handed it in, and whose it is. source: where the addresses were published.
CREATE TABLE company_import (
  id BYTEA PRIMARY KEY,
  operator BYTEA NOT NULL REFERENCES account (id),
  account BYTEA NOT NULL REFERENCES account (id),
  state TEXT NOT NULL REFERENCES member_import_state (code),
  locale TEXT NOT NULL,
  ignored BIGINT NOT NULL,
  round BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  confirmed_at BIGINT,
  next_at BIGINT,
  over_at BIGINT,
  reason TEXT,
  ends_at BIGINT NOT NULL,
  forgotten_at BIGINT,
  source TEXT
);
CREATE INDEX company_import_by_operator ON company_import (operator, created_at, id);
CREATE INDEX company_import_by_end ON company_import (ends_at, id);

-- prepared: the id that the row's prepared registration has, or would have. typed: company data as it was read; no cell of a row
-- that could not be read is kept.
CREATE TABLE company_import_row (
  import BYTEA NOT NULL REFERENCES company_import (id),
  number BIGINT NOT NULL,
  prepared BYTEA NOT NULL,
  subject BYTEA,
  email BYTEA,
  email_index BYTEA,
  typed BYTEA,
  outcome TEXT NOT NULL REFERENCES member_import_outcome (code),
  why TEXT NOT NULL,
  PRIMARY KEY (import, number)
);
CREATE INDEX company_import_row_by_outcome ON company_import_row (import, outcome, number);
CREATE INDEX company_import_row_by_subject ON company_import_row (subject, import, number);

-- A prepared registration: company data from a list, and the sealed address of the person who is asked to register the company.
-- It is no company: nothing of it stands anywhere else. The row goes when its person registers, refuses, or lets it lapse.
CREATE TABLE prepared_company (
  id BYTEA PRIMARY KEY,
  source TEXT NOT NULL,
  credit_code TEXT NOT NULL UNIQUE,
  content TEXT NOT NULL,
  subject BYTEA NOT NULL,
  email BYTEA NOT NULL,
  email_index BYTEA NOT NULL,
  locale TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX prepared_company_by_end ON prepared_company (expires_at, id);
CREATE INDEX prepared_company_by_email ON prepared_company (email_index, id);
CREATE INDEX prepared_company_by_subject ON prepared_company (subject, id);

-- Who is not asked again, by the keyed index of an address: a while after a letter, years after a refusal.
CREATE TABLE prepared_asked (
  email_index BYTEA PRIMARY KEY,
  ends_at BIGINT NOT NULL
);
CREATE INDEX prepared_asked_by_end ON prepared_asked (ends_at, email_index);

-- By which prepared registration somebody registers, if by one.
ALTER TABLE registration ADD COLUMN prepared BYTEA;
