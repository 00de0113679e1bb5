-- What people ask the personal information officer for (PIPL 44 to 50), and what is answered. Texts lie sealed under the
-- person's key. due_at: the end of the fifteenth working day. reopened: 1 once the person has asked again, which they may
-- do once. reminded_at: when the officer was last told that the time is short.
CREATE TABLE complaint_kind (
  code TEXT PRIMARY KEY
);
INSERT INTO complaint_kind (code) VALUES
  ('access'), ('copy'), ('correction'), ('deletion'), ('explanation'), ('objection'), ('complaint');

CREATE TABLE complaint_state (
  code TEXT PRIMARY KEY
);
INSERT INTO complaint_state (code) VALUES ('open'), ('answered');

CREATE TABLE complaint (
  id BYTEA PRIMARY KEY,
  subject BYTEA NOT NULL,
  account BYTEA NOT NULL,
  kind TEXT NOT NULL REFERENCES complaint_kind (code),
  state TEXT NOT NULL REFERENCES complaint_state (code),
  asked_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  answered_at BIGINT,
  claimed_by BYTEA,
  reopened BIGINT NOT NULL,
  reminded_at BIGINT
);
CREATE INDEX complaint_by_subject ON complaint (subject, asked_at, id);
CREATE INDEX complaint_by_due ON complaint (state, due_at, id);

-- by_officer: 0 the person's words, 1 the officer's.
CREATE TABLE complaint_message (
  id BYTEA PRIMARY KEY,
  complaint BYTEA NOT NULL REFERENCES complaint (id),
  subject BYTEA NOT NULL,
  by_officer BIGINT NOT NULL,
  text BYTEA NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX complaint_message_by_complaint ON complaint_message (complaint, at, id);
CREATE INDEX complaint_message_by_subject ON complaint_message (subject, at, id);
