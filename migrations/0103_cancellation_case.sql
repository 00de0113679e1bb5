-- Requests that came by phone, letter or mail: opened by one operator who has checked who asks, approved by another. Codes
-- and a file number only: what was said or shown stays in the operator's file.

CREATE TABLE cancellation_channel (
  code TEXT PRIMARY KEY
);
INSERT INTO cancellation_channel (code) VALUES ('phone'), ('letter'), ('mail');

CREATE TABLE cancellation_check (
  code TEXT PRIMARY KEY
);
INSERT INTO cancellation_check (code) VALUES ('callback'), ('papers'), ('in-person');

CREATE TABLE cancellation_case_state (
  code TEXT PRIMARY KEY
);
INSERT INTO cancellation_case_state (code) VALUES ('open'), ('approved'), ('closed');

-- channel: how it came. checked: how it was made sure that the person asks. file: the number of the operator's file.
CREATE TABLE cancellation_case (
  id BYTEA PRIMARY KEY,
  account BYTEA NOT NULL REFERENCES account (id),
  channel TEXT NOT NULL REFERENCES cancellation_channel (code),
  checked TEXT NOT NULL REFERENCES cancellation_check (code),
  file TEXT NOT NULL,
  state TEXT NOT NULL REFERENCES cancellation_case_state (code),
  opened_by BYTEA NOT NULL REFERENCES account (id),
  opened_at BIGINT NOT NULL,
  decided_by BYTEA REFERENCES account (id),
  decided_at BIGINT,
  cancellation BYTEA REFERENCES cancellation (id)
);
CREATE INDEX cancellation_case_by_state ON cancellation_case (state, opened_at, id);
