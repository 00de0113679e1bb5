-- Signing in through a group's or a third party's account (OpenID Connect).

-- A link: an account of ours and one with an issuer. identity_index: keyed hash of issuer and subject, by which it is found. identity:
-- both, sealed under the person's key; nothing else that the issuer says is kept. paused_at: since when it signs nobody in.
CREATE TABLE account_link (
  id BYTEA PRIMARY KEY,
  account BYTEA NOT NULL REFERENCES account (id),
  issuer TEXT NOT NULL,
  identity_index BYTEA NOT NULL UNIQUE,
  identity BYTEA NOT NULL,
  made_at BIGINT NOT NULL,
  used_at BIGINT,
  paused_at BIGINT
);
CREATE UNIQUE INDEX account_link_by_account ON account_link (account, issuer);

-- Somebody on their way to an issuer and back. state: SHA-256 of what comes back with them. account: who links; none: who signs in.
-- bound: keyed hash of the form secret of the browser that went.
CREATE TABLE link_attempt (
  state BYTEA PRIMARY KEY,
  issuer TEXT NOT NULL,
  account BYTEA REFERENCES account (id),
  bound BYTEA NOT NULL,
  next TEXT NOT NULL,
  ends_at BIGINT NOT NULL
);
CREATE INDEX link_attempt_by_time ON link_attempt (ends_at, state);
CREATE INDEX link_attempt_by_account ON link_attempt (account, state);

-- Logout tokens that were taken: SHA-256 of issuer and jti, until the token could not be used again anyway.
CREATE TABLE logout_token (
  token BYTEA PRIMARY KEY,
  ends_at BIGINT NOT NULL
);
CREATE INDEX logout_token_by_time ON logout_token (ends_at, token);

-- Through which link a session was opened, or will be; keyed hash of what the issuer calls the session there.
ALTER TABLE login_session ADD COLUMN link BYTEA;
ALTER TABLE login_session ADD COLUMN link_session BYTEA;
CREATE INDEX login_session_by_link ON login_session (link, id);
ALTER TABLE sign_in_step ADD COLUMN link BYTEA;
ALTER TABLE sign_in_step ADD COLUMN link_session BYTEA;
