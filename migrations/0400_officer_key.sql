-- Keys of opening officers (开标员). recipient: the public half (age1…). kept: the secret half, an age file under a passphrase that
-- only its person has. proved_at: when they last decrypted a challenge; version counts these proofs. ended_at: no tender is sealed
-- to it since; those that were are opened with it still. One of an account at most has not ended.
CREATE TABLE officer_key (
  id BYTEA PRIMARY KEY,
  account BYTEA NOT NULL REFERENCES account (id),
  recipient TEXT NOT NULL UNIQUE,
  kept BYTEA NOT NULL,
  made_at BIGINT NOT NULL,
  proved_at BIGINT,
  ended_at BIGINT,
  version BIGINT NOT NULL
);
CREATE INDEX officer_key_by_account ON officer_key (account, made_at, id);
