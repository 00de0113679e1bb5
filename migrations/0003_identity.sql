-- Companies, the accounts that act for them, and where these are signed in.

CREATE TABLE company_state (
  code TEXT PRIMARY KEY
);
INSERT INTO company_state (code) VALUES ('pending'), ('approved'), ('refused');

CREATE TABLE company (
  id BYTEA PRIMARY KEY,
  name TEXT NOT NULL,
  credit_code TEXT NOT NULL UNIQUE,
  buyer BIGINT NOT NULL,
  provider BIGINT NOT NULL,
  state TEXT NOT NULL REFERENCES company_state (code),
  reason TEXT,
  decided_by BYTEA,
  decided_at BIGINT,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX company_by_state ON company (state, created_at, id);

-- An account of the operator has no company.
CREATE TABLE account (
  id BYTEA PRIMARY KEY,
  subject BYTEA NOT NULL UNIQUE,
  company BYTEA REFERENCES company (id),
  operator BIGINT NOT NULL,
  phone BYTEA NOT NULL,
  phone_index BYTEA NOT NULL UNIQUE,
  email BYTEA NOT NULL,
  email_index BYTEA NOT NULL UNIQUE,
  password TEXT NOT NULL,
  locale TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX account_by_company ON account (company, id);

CREATE TABLE login_session (
  id BYTEA PRIMARY KEY,
  account BYTEA NOT NULL REFERENCES account (id),
  token_hash BYTEA NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT,
  ip BYTEA NOT NULL,
  user_agent BYTEA NOT NULL
);
CREATE INDEX login_session_by_account ON login_session (account, created_at, id);
