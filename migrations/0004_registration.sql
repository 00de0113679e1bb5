-- How an account comes to be: an application, two codes, an agreement. And the limits that all processes share.

-- Two codes on their way to one person, by short message and by mail: of a registration or of a password reset.
-- Only keyed hashes of them stand here. sendings: how often codes were sent; tries: how often these were tried.
CREATE TABLE code_pair (
  id BYTEA PRIMARY KEY,
  phone_hash BYTEA NOT NULL,
  email_hash BYTEA NOT NULL,
  tries BIGINT NOT NULL,
  sendings BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX code_pair_by_time ON code_pair (created_at, id);

-- Until it is confirmed; then it becomes an account of the same id, for whose place phone and e-mail are sealed from
-- the beginning. Unconfirmed ones are deleted after a day.
CREATE TABLE registration (
  id BYTEA PRIMARY KEY,
  subject BYTEA NOT NULL UNIQUE,
  company_name TEXT NOT NULL,
  credit_code TEXT NOT NULL,
  buyer BIGINT NOT NULL,
  provider BIGINT NOT NULL,
  phone BYTEA NOT NULL,
  phone_index BYTEA NOT NULL,
  email BYTEA NOT NULL,
  email_index BYTEA NOT NULL,
  password TEXT NOT NULL,
  locale TEXT NOT NULL,
  policy_version TEXT NOT NULL,
  policy_hash BYTEA NOT NULL,
  channel TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

-- A reset for nobody has no account, and is answered alike.
CREATE TABLE password_reset (
  id BYTEA PRIMARY KEY,
  account BYTEA REFERENCES account (id),
  created_at BIGINT NOT NULL
);

CREATE TABLE agreement_channel (
  code TEXT PRIMARY KEY
);
INSERT INTO agreement_channel (code) VALUES ('web-html'), ('web-json'), ('command-line');

-- Who agreed to which text, when, where. Append-only. text_hash: SHA-256 of the policy as shown in that language.
CREATE TABLE agreement (
  id BYTEA PRIMARY KEY,
  subject BYTEA NOT NULL,
  account BYTEA NOT NULL REFERENCES account (id),
  version TEXT NOT NULL,
  language TEXT NOT NULL,
  channel TEXT NOT NULL REFERENCES agreement_channel (code),
  text_hash BYTEA NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX agreement_by_subject ON agreement (subject, at, id);

-- Limits (GCRA). key: keyed hash of what is limited; tat: the instant at which all that was taken is paid back.
CREATE TABLE rate_limit (
  key BYTEA PRIMARY KEY,
  tat BIGINT NOT NULL
);
CREATE INDEX rate_limit_by_time ON rate_limit (tat, key);
