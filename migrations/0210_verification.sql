-- Verification cases (实名认证): what a company shows of itself, step by step, and what a reviewer decides.
-- holder: whose case it is among those of its company: the company itself, or the account of the person it is about.
-- claimed_until: until when only the reviewer who claimed it may decide. claimed_version: the version of the company's row that
-- they claimed it with; of another company than they saw they decide nothing. on_register: 1 when it was decided on what the
-- public register says, without documents. reason: why it was refused as a whole.
CREATE TABLE verification_kind (code TEXT PRIMARY KEY);
INSERT INTO verification_kind (code) VALUES ('company');

CREATE TABLE verification_state (code TEXT PRIMARY KEY);
INSERT INTO verification_state (code) VALUES ('open'), ('handed-in'), ('returned'), ('accepted'), ('refused');

CREATE TABLE verification_case (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  kind TEXT NOT NULL REFERENCES verification_kind (code),
  holder BYTEA NOT NULL,
  state TEXT NOT NULL REFERENCES verification_state (code),
  opened_at BIGINT NOT NULL,
  handed_in_at BIGINT,
  claimed_by BYTEA,
  claimed_until BIGINT,
  claimed_version BIGINT,
  decided_by BYTEA,
  decided_at BIGINT,
  on_register BIGINT NOT NULL,
  reason TEXT,
  version BIGINT NOT NULL,
  UNIQUE (company, kind, holder)
);
CREATE INDEX verification_case_queue ON verification_case (state, handed_in_at, id);

CREATE TABLE verification_step_state (code TEXT PRIMARY KEY);
INSERT INTO verification_step_state (code) VALUES ('missing'), ('given'), ('accepted'), ('refused');

-- reason: why the step was refused, in words for its people.
CREATE TABLE verification_step (
  verification BYTEA NOT NULL REFERENCES verification_case (id),
  step TEXT NOT NULL,
  state TEXT NOT NULL REFERENCES verification_step_state (code),
  reason TEXT,
  given_at BIGINT,
  decided_at BIGINT,
  PRIMARY KEY (verification, step)
);

-- Pages that were handed in, drawn anew as JPEG. page_key: the one-off key of the blob, sealed under the key of whoever
-- handed it in. blob and page_key are NULL once the page is gone.
CREATE TABLE verification_page (
  id BYTEA PRIMARY KEY,
  verification BYTEA NOT NULL REFERENCES verification_case (id),
  step TEXT NOT NULL,
  number BIGINT NOT NULL,
  subject BYTEA NOT NULL,
  region TEXT NOT NULL,
  blob TEXT,
  page_key BYTEA,
  width BIGINT NOT NULL,
  height BIGINT NOT NULL,
  size BIGINT NOT NULL,
  given_at BIGINT NOT NULL,
  gone_at BIGINT
);
CREATE INDEX verification_page_of_case ON verification_page (verification, step, number, id);
CREATE INDEX verification_page_by_subject ON verification_page (subject, given_at, id);
CREATE INDEX verification_page_by_blob ON verification_page (blob);

-- Reviewers who have said that they have to do with a company: its cases are not theirs.
CREATE TABLE verification_tie (
  account BYTEA NOT NULL,
  company BYTEA NOT NULL REFERENCES company (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (account, company)
);
