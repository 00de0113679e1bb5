-- From when which edition of a service agreement or of the platform rules is in force. number: 1, 2, 3 … of each of them.
-- comments_until: until when the public may comment; none for the first, which takes nothing away from anybody.
CREATE TABLE terms_schedule (
  terms TEXT NOT NULL,
  number BIGINT NOT NULL,
  edition TEXT NOT NULL,
  announced_at BIGINT NOT NULL,
  comments_until BIGINT,
  effective_at BIGINT NOT NULL,
  announced_by BYTEA,
  withdrawn_at BIGINT,
  withdrawn_by BYTEA,
  PRIMARY KEY (terms, number)
);

-- Which company has accepted which edition; appended, never changed. subject: who did it for the company.
CREATE TABLE terms_acceptance (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  subject BYTEA NOT NULL,
  terms TEXT NOT NULL,
  edition TEXT NOT NULL,
  language TEXT NOT NULL,
  channel TEXT NOT NULL,
  text_hash BYTEA NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (company, terms, edition)
);

CREATE TABLE terms_comment_state (code TEXT PRIMARY KEY);
INSERT INTO terms_comment_state (code) VALUES ('waiting'), ('published'), ('withheld');

-- What companies say about an announced edition. number: the line of the schedule.
CREATE TABLE terms_comment (
  id BYTEA PRIMARY KEY,
  terms TEXT NOT NULL,
  number BIGINT NOT NULL,
  company BYTEA NOT NULL REFERENCES company (id),
  body TEXT NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL REFERENCES terms_comment_state (code),
  decided_at BIGINT,
  decided_by BYTEA,
  FOREIGN KEY (terms, number) REFERENCES terms_schedule (terms, number)
);
CREATE INDEX terms_comment_line ON terms_comment (terms, number, at, id);
CREATE INDEX terms_comment_company ON terms_comment (company, terms, number);
