-- deaths: in a row, how often the process ended that worked on the job; no failed try. worker: the node that has claimed it.
ALTER TABLE job ADD COLUMN deaths BIGINT NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN worker BYTEA;
-- Kinds that are never given up go first.
CREATE INDEX job_by_kind ON job (kind, dead, run_at, id);
