-- The document library of a provider (资料库): papers that it keeps for its bids, with their last days. Only its own people who bid read it.
-- No row tells into which bid a paper went.

CREATE TABLE library_kind (
  code TEXT PRIMARY KEY
);
INSERT INTO library_kind (code) VALUES
  ('licence'), ('certificate'), ('reference'), ('financial'), ('staff'), ('authorisation'), ('other');

-- edition: the newest one's number. soon_at, over_at: when its last day comes near, and is over. remind_at: when that is told next.
CREATE TABLE library_document (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  kind TEXT NOT NULL REFERENCES library_kind (code),
  edition BIGINT NOT NULL,
  soon_at BIGINT,
  over_at BIGINT,
  remind_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX library_document_by_company ON library_document (company, created_at, id);
CREATE INDEX library_document_by_reminder ON library_document (remind_at, id);

-- content: name, number, issuer, the file's name and its hash. It and the file are sealed under the key that the region keeps for the company.
-- ends_on: the last day, yyyy-mm-dd. size: of the file as it was brought.
CREATE TABLE library_edition (
  id BYTEA PRIMARY KEY,
  document BYTEA NOT NULL REFERENCES library_document (id),
  number BIGINT NOT NULL,
  content BYTEA NOT NULL,
  ends_on TEXT,
  size BIGINT NOT NULL,
  region TEXT NOT NULL,
  blob TEXT NOT NULL,
  filed_at BIGINT NOT NULL,
  UNIQUE (document, number)
);
CREATE INDEX library_edition_by_blob ON library_edition (blob);
