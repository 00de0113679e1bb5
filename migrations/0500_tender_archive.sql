-- Archives of tenders that have ended, each for the company whose member asked for it. Which one that is stands here as a keyed hash of tender
-- and company (asker): of a tender that was never opened no row tells who has bid.
-- step: how far its job has come. receipt: the signed list of its files; event: the one that names it, by which the log commits to it.
-- The whole row goes when its time is over, and so does its file.
CREATE TABLE tender_archive_state (
  code TEXT PRIMARY KEY
);
INSERT INTO tender_archive_state (code) VALUES ('asked'), ('ready');

CREATE TABLE tender_archive (
  id BYTEA PRIMARY KEY,
  tender BYTEA NOT NULL REFERENCES tender (id),
  asker BYTEA NOT NULL,
  state TEXT NOT NULL REFERENCES tender_archive_state (code),
  step BIGINT NOT NULL,
  steps BIGINT NOT NULL,
  asked_at BIGINT NOT NULL,
  ready_at BIGINT,
  ends_at BIGINT,
  receipt TEXT,
  event BYTEA,
  region TEXT NOT NULL,
  blob TEXT,
  size BIGINT,
  sha256 BYTEA
);
CREATE INDEX tender_archive_by_asker ON tender_archive (tender, asker, asked_at, id);
CREATE INDEX tender_archive_by_state ON tender_archive (state, asked_at, id);
CREATE INDEX tender_archive_by_blob ON tender_archive (blob);

-- What is to go into one that is being made: a text that was made for it, or where a file lies that another row owns.
CREATE TABLE tender_archive_entry (
  archive BYTEA NOT NULL REFERENCES tender_archive (id),
  number BIGINT NOT NULL,
  name TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 BYTEA NOT NULL,
  content BYTEA,
  file_region TEXT,
  file_blob TEXT,
  PRIMARY KEY (archive, number),
  UNIQUE (archive, name)
);
