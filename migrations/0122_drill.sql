-- Restore drills: when, how it ended, how much was restored. told: what went wrong, for who has to mend it.
CREATE TABLE drill_outcome (
  code TEXT PRIMARY KEY
);
INSERT INTO drill_outcome (code) VALUES ('held'), ('erased-back'), ('living-lost'), ('failed');
CREATE TABLE drill (
  id BYTEA PRIMARY KEY,
  at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  outcome TEXT NOT NULL REFERENCES drill_outcome (code),
  row_count BIGINT NOT NULL,
  byte_count BIGINT NOT NULL,
  told TEXT NOT NULL
);
CREATE INDEX drill_by_time ON drill (at, id);
