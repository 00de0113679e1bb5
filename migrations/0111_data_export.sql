-- Copies of all that is kept of a person, made at their request, handed over once.
-- step: how far the job has come. identity: the one-off key of the copy, sealed under the person's key, so that whoever is
-- erased takes the copy along. blob and identity are NULL when it is over: fetched, or ended (its time ran out, its person
-- left, or another was asked for).
CREATE TABLE data_export_state (
  code TEXT PRIMARY KEY
);
INSERT INTO data_export_state (code) VALUES ('asked'), ('ready'), ('fetched'), ('ended');

CREATE TABLE data_export (
  id BYTEA PRIMARY KEY,
  subject BYTEA NOT NULL,
  account BYTEA NOT NULL,
  state TEXT NOT NULL REFERENCES data_export_state (code),
  step BIGINT NOT NULL,
  asked_at BIGINT NOT NULL,
  ready_at BIGINT,
  ends_at BIGINT,
  over_at BIGINT,
  blob TEXT,
  identity BYTEA,
  size BIGINT,
  sha256 BYTEA
);
CREATE INDEX data_export_by_subject ON data_export (subject, asked_at, id);
CREATE INDEX data_export_by_state ON data_export (state, asked_at, id);
