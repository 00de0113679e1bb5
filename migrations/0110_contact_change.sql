-- A person corrects how they are reached. Shares its id with two codes: one to the old phone or mailbox, one to the new.
-- phone, email: the new one, sealed for its place in the account until it goes there; both NULL afterwards. What was
-- changed stays as history, without a value; what was not is deleted after a day.
CREATE TABLE contact_field (
  code TEXT PRIMARY KEY
);
INSERT INTO contact_field (code) VALUES ('phone'), ('email');

CREATE TABLE contact_change (
  id BYTEA PRIMARY KEY,
  account BYTEA NOT NULL,
  field TEXT NOT NULL REFERENCES contact_field (code),
  phone BYTEA,
  email BYTEA,
  value_index BYTEA,
  asked_at BIGINT NOT NULL,
  changed_at BIGINT
);
CREATE INDEX contact_change_by_account ON contact_change (account, asked_at, id);
