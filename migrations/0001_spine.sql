-- The spine: what happened, who follows it, and what is still to be done.

CREATE TABLE event (
  id BYTEA PRIMARY KEY,
  seq BIGINT UNIQUE,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  v BIGINT NOT NULL,
  company BYTEA,
  tender BYTEA,
  actor BYTEA,
  body TEXT NOT NULL,
  salt BYTEA NOT NULL
);
CREATE INDEX event_unsequenced ON event (id) WHERE seq IS NULL;
CREATE INDEX event_tender ON event (tender, at, id) WHERE tender IS NOT NULL;

CREATE TABLE sequencer (
  id BIGINT PRIMARY KEY,
  last BIGINT NOT NULL
);
INSERT INTO sequencer (id, last) VALUES (1, 0);

CREATE TABLE follower (
  name TEXT PRIMARY KEY,
  seq BIGINT NOT NULL
);

CREATE TABLE job (
  id BYTEA PRIMARY KEY,
  kind TEXT NOT NULL,
  payload BYTEA NOT NULL,
  run_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  lease BYTEA,
  dead BIGINT NOT NULL,
  error TEXT,
  created_at BIGINT NOT NULL
);
CREATE INDEX job_due ON job (dead, run_at, id);
