-- Documents of an amendment that somebody has asked approval for: who decides reads them. They become the tender's when the
-- amendment is published, and go when nothing comes of it. amendment: the id that its form carries.
CREATE TABLE amendment_file (
  id BYTEA PRIMARY KEY,
  tender BYTEA NOT NULL REFERENCES tender (id),
  amendment BYTEA NOT NULL,
  name TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 BYTEA NOT NULL,
  region TEXT NOT NULL,
  blob TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX amendment_file_of_amendment ON amendment_file (amendment, created_at, id);
CREATE INDEX amendment_file_by_age ON amendment_file (created_at, id);
