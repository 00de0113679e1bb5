-- Questions about a call for applications, and answers that go to all. asker: a keyed hash of list and company, as of a question about a tender.
CREATE TABLE qualified_question (
  id BYTEA PRIMARY KEY,
  list BYTEA NOT NULL REFERENCES qualified_list (id),
  asker BYTEA NOT NULL,
  text TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  answer TEXT,
  answered_at BIGINT,
  version BIGINT NOT NULL
);
CREATE INDEX qualified_question_by_list ON qualified_question (list, asked_at, id);
