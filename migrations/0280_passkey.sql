-- Passkeys (WebAuthn credentials): what a person signs in and proves themselves with, held by their device.

-- What an authenticator knows a person by: random, of this purpose alone, the same for all passkeys of an account.
CREATE TABLE passkey_handle (
  account BYTEA PRIMARY KEY REFERENCES account (id),
  handle BYTEA NOT NULL UNIQUE
);

-- credential: SHA-256 of the credential's id. key: the credential as the library keeps it (id, public key, flags). name: what the
-- person calls it, sealed under their key. counter: the last that it sent; 0 from one that does not count.
-- doubted_at: when its counter went back, so that it is refused. paused_at: since when it signs nobody in by itself.
CREATE TABLE passkey (
  id BYTEA PRIMARY KEY,
  account BYTEA NOT NULL REFERENCES account (id),
  credential BYTEA NOT NULL UNIQUE,
  key BYTEA NOT NULL,
  name BYTEA NOT NULL,
  counter BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  used_at BIGINT,
  doubted_at BIGINT,
  paused_at BIGINT
);
CREATE INDEX passkey_by_account ON passkey (account, made_at, id);

-- A challenge that waits for its answer: once, for minutes, for one purpose (registration, sign-in, factor, step-up), from the
-- browser that asked (bound: keyed hash of its form secret), of this account where it is known. state: what the answer is compared with.
CREATE TABLE passkey_challenge (
  id BYTEA PRIMARY KEY,
  purpose TEXT NOT NULL,
  account BYTEA REFERENCES account (id),
  bound BYTEA NOT NULL,
  state BYTEA NOT NULL,
  ends_at BIGINT NOT NULL
);
CREATE INDEX passkey_challenge_by_time ON passkey_challenge (ends_at, id);
CREATE INDEX passkey_challenge_by_account ON passkey_challenge (account, id);
