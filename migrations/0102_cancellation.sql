-- Who asked to be erased, and what came of it. Ids and instants only, no personal value.

CREATE TABLE cancellation_state (
  code TEXT PRIMARY KEY
);
INSERT INTO cancellation_state (code) VALUES ('waiting'), ('withdrawn'), ('stopped'), ('erased');

-- due_at: the end of the time to think. ended_at: when it was withdrawn, stopped by an obstacle, or carried out.
-- erased: what was deleted, as JSON: words' keys and numbers. keys_at: when the keys were destroyed that the law does not
-- have kept. receipt: the signed certificate, event: the one that names it by its hash.
CREATE TABLE cancellation (
  id BYTEA PRIMARY KEY,
  account BYTEA NOT NULL REFERENCES account (id),
  subject BYTEA NOT NULL,
  state TEXT NOT NULL REFERENCES cancellation_state (code),
  requested_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  ended_at BIGINT,
  erased TEXT,
  keys_at BIGINT,
  receipt TEXT,
  event BYTEA
);
CREATE INDEX cancellation_by_account ON cancellation (account, requested_at, id);
CREATE INDEX cancellation_by_subject ON cancellation (subject, id);
-- Two requests of one person are one.
CREATE UNIQUE INDEX cancellation_waiting ON cancellation (account) WHERE state = 'waiting';
