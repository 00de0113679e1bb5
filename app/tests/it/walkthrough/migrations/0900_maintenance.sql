-- When the platform will be out of reach, as its operator announced it.
CREATE TABLE maintenance (
  id BYTEA PRIMARY KEY,
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  announced_by BYTEA NOT NULL,
  announced_at BIGINT NOT NULL
);
CREATE INDEX maintenance_by_end ON maintenance (ends_at, id);
