-- Public notices: our own tenders', and those that other sites published. Immutable: rows are only inserted.

CREATE TABLE notice_kind (
  code TEXT PRIMARY KEY
);
INSERT INTO notice_kind (code) VALUES ('advance'), ('tender'), ('amendment'), ('result'), ('other');

-- Own notices have company and tender; external ones have source, source_id, url and fingerprint.
CREATE TABLE notice (
  id BYTEA PRIMARY KEY,
  kind TEXT NOT NULL REFERENCES notice_kind (code),
  word TEXT NOT NULL,
  title TEXT NOT NULL,
  buyer TEXT,
  agent TEXT,
  project_no TEXT,
  province TEXT,
  region TEXT,
  category_group TEXT NOT NULL,
  category TEXT NOT NULL,
  content TEXT,
  qualification TEXT,
  performance TEXT,
  budget BIGINT,
  budget_currency TEXT,
  budget_tax TEXT,
  budget_range BIGINT,
  budget_words TEXT,
  deadline BIGINT,
  deadline_date_only BIGINT,
  deadline_range BIGINT,
  deadline_words TEXT,
  sale_from BIGINT,
  sale_until BIGINT,
  sale_words TEXT,
  winner TEXT,
  award BIGINT,
  published_at BIGINT NOT NULL,
  published_date_only BIGINT NOT NULL,
  company BYTEA,
  tender BYTEA,
  source TEXT,
  source_id TEXT,
  url TEXT,
  fingerprint BYTEA,
  created_at BIGINT NOT NULL,
  UNIQUE (source, source_id)
);
CREATE INDEX notice_newest ON notice (published_at, id);
CREATE INDEX notice_of_tender ON notice (tender, published_at, id) WHERE tender IS NOT NULL;

-- What the search index follows.
CREATE INDEX event_notice ON event (seq) WHERE kind = 'notice.published';
