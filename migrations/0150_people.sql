-- What an account may do for its company: codes of duties with spaces between. A process of the version before makes a
-- company's first account only, which has every duty.
ALTER TABLE account ADD COLUMN duties TEXT NOT NULL
    DEFAULT 'owner buyer project-manager bidder finance personal-information viewer';
-- Since when it acts for this company; else since it was made.
ALTER TABLE account ADD COLUMN joined_at BIGINT;

CREATE TABLE invitation_state (code TEXT PRIMARY KEY);
INSERT INTO invitation_state (code) VALUES ('waiting'), ('accepted'), ('revoked'), ('expired');

-- Places that companies offer. subject: who is invited, as the vault knows them until they join. email_index: the index that
-- accounts have of theirs; the id once it is over, when the address is gone. account: who invited.
CREATE TABLE invitation (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  account BYTEA NOT NULL REFERENCES account (id),
  subject BYTEA NOT NULL,
  email BYTEA NOT NULL,
  email_index BYTEA NOT NULL,
  duties TEXT NOT NULL,
  locale TEXT NOT NULL,
  state TEXT NOT NULL REFERENCES invitation_state (code),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX invitation_by_company ON invitation (company, state, created_at, id);
CREATE INDEX invitation_by_email ON invitation (email_index, state);
CREATE INDEX invitation_by_time ON invitation (state, expires_at, id);

-- The invitation that somebody registers by; none for a company's first account.
ALTER TABLE registration ADD COLUMN invitation BYTEA;
