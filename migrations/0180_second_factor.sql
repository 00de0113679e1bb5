-- What somebody proves who they are with beside the password, and how sure a login session is of it.

-- assurance: 1 the password alone, 2 a second factor too. proven_at: when that was proved last; NULL: when it began.
ALTER TABLE login_session ADD COLUMN assurance BIGINT NOT NULL DEFAULT 1;
ALTER TABLE login_session ADD COLUMN proven_at BIGINT;

-- An authenticator app (RFC 6238). secret: sealed under the person's key. last_step: the newest period of thirty seconds
-- whose code was taken; none of it or before it is taken again. It holds once a code of it has come back: confirmed_at.
CREATE TABLE authenticator (
  id BYTEA PRIMARY KEY,
  account BYTEA NOT NULL REFERENCES account (id),
  secret BYTEA NOT NULL,
  last_step BIGINT NOT NULL,
  begun_at BIGINT NOT NULL,
  confirmed_at BIGINT
);
CREATE INDEX authenticator_by_account ON authenticator (account, id);
CREATE INDEX authenticator_by_time ON authenticator (begun_at, id);

-- Codes for who has lost their second factor: keyed hashes, each for one use. A new set replaces the one before.
CREATE TABLE recovery_code (
  hash BYTEA PRIMARY KEY,
  account BYTEA NOT NULL REFERENCES account (id),
  made_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX recovery_code_by_account ON recovery_code (account, hash);

-- A sign-in whose password was right and which waits for the second factor. It admits to nothing. token_hash: of the
-- browser's cookie; wrong: how many codes were.
CREATE TABLE sign_in_step (
  id BYTEA PRIMARY KEY,
  account BYTEA NOT NULL REFERENCES account (id),
  token_hash BYTEA NOT NULL UNIQUE,
  begun_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  wrong BIGINT NOT NULL
);
CREATE INDEX sign_in_step_by_time ON sign_in_step (ends_at, id);
