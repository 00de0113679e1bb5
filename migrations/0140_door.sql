-- Visits of people without an account to the data that are kept of them, by a code to their phone or mailbox. A visit shares
-- its id with its codes. named: the keyed index of what was typed, kept alike whether or not it is known. token_hash: of the
-- secret that only the asking browser's cookie holds. subject: whom the guest has said it is about.
CREATE TABLE door_visit (
  id BYTEA PRIMARY KEY,
  named BYTEA NOT NULL,
  by_mail BIGINT NOT NULL,
  token_hash BYTEA NOT NULL,
  subject BYTEA,
  created_at BIGINT NOT NULL,
  proven_at BIGINT,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX door_visit_by_token ON door_visit (token_hash);
CREATE INDEX door_visit_by_subject ON door_visit (subject);
CREATE INDEX door_visit_by_time ON door_visit (created_at, id);
-- What the door looks people up by.
CREATE INDEX registration_by_phone ON registration (phone_index);
CREATE INDEX registration_by_email ON registration (email_index);
