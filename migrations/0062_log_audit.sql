-- What audits of the log have found; difference is NULL where there was none.
CREATE TABLE log_audit (
  id BYTEA PRIMARY KEY,
  at BIGINT NOT NULL,
  size BIGINT NOT NULL,
  slots BIGINT NOT NULL,
  difference TEXT
);
CREATE INDEX log_audit_by_time ON log_audit (at, id);
