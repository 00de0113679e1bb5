-- Integrators' tokens. token_hash: SHA-256 of the secret, which is shown once and not kept. scopes: codes with spaces
-- between. used_on: days since 1970-01-01 (UTC).
CREATE TABLE api_token (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  account BYTEA NOT NULL REFERENCES account (id),
  name TEXT NOT NULL,
  token_hash BYTEA NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_on BIGINT,
  revoked_at BIGINT
);
CREATE INDEX api_token_by_company ON api_token (company, created_at, id);

-- What an integrator's act was answered, for who sends it again under its key. No status yet: the act is under way, by
-- this run. key_hash, request_hash: SHA-256.
CREATE TABLE idempotency_key (
  company BYTEA NOT NULL REFERENCES company (id),
  key_hash BYTEA NOT NULL,
  request_hash BYTEA NOT NULL,
  run BYTEA NOT NULL,
  begun_at BIGINT NOT NULL,
  status BIGINT,
  kind TEXT,
  location TEXT,
  body BYTEA,
  PRIMARY KEY (company, key_hash)
);
CREATE INDEX idempotency_key_by_time ON idempotency_key (begun_at, key_hash);
