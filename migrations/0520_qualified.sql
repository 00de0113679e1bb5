-- Qualified lists (资格预审、框架协议入围、供应商库): a public call for applications, the applications, and who was found qualified. No row names a
-- person.

-- single: before one tender; framework: a pool that is concluded once, for a term; standing: a pool that takes applications as long as it lasts.
CREATE TABLE qualified_kind (
  code TEXT PRIMARY KEY
);
INSERT INTO qualified_kind (code) VALUES ('single'), ('framework'), ('standing');

CREATE TABLE qualified_state (
  code TEXT PRIMARY KEY
);
INSERT INTO qualified_state (code) VALUES ('draft'), ('published'), ('concluded'), ('failed'), ('ended');

-- requirements: one a line. applications_until: NULL for a standing pool. most: NULL where all who qualify are on the list. valid_until: when
-- the qualification, or the pool's term, is over. objections_until: until when the result can be objected to. reason: why its buyer ended it.
CREATE TABLE qualified_list (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  kind TEXT NOT NULL REFERENCES qualified_kind (code),
  regime TEXT NOT NULL,
  title TEXT NOT NULL,
  summary TEXT NOT NULL,
  category TEXT NOT NULL,
  region TEXT NOT NULL,
  requirements TEXT NOT NULL,
  applications_until BIGINT,
  valid_days BIGINT NOT NULL,
  most BIGINT,
  state TEXT NOT NULL REFERENCES qualified_state (code),
  applications_closed BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  published_at BIGINT,
  concluded_at BIGINT,
  valid_until BIGINT,
  objections_until BIGINT,
  ended_at BIGINT,
  reason TEXT,
  copied_of BYTEA,
  next_check BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX qualified_list_by_company ON qualified_list (company, created_at, id);
CREATE INDEX qualified_list_by_publication ON qualified_list (published_at, id);
CREATE INDEX qualified_list_by_check ON qualified_list (next_check, id);

CREATE TABLE qualified_document (
  id BYTEA PRIMARY KEY,
  list BYTEA NOT NULL REFERENCES qualified_list (id),
  name TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 BYTEA NOT NULL,
  region TEXT NOT NULL,
  blob TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX qualified_document_by_list ON qualified_document (list, created_at, id);

CREATE TABLE qualified_application_state (
  code TEXT PRIMARY KEY
);
INSERT INTO qualified_application_state (code) VALUES
  ('submitted'), ('withdrawn'), ('qualified'), ('unqualified'), ('unplaced'), ('suspended'), ('left');

-- One a company. content: what it says, sealed under the key that the region keeps for the applying company; NULL when it was withdrawn or the
-- call ended before its deadline. form: the id that the form carried by which it was given or changed last. unmet: numbers of the
-- requirements that its reviewer found unmet. reason: of the review, of a suspension or of leaving, whichever was last.
CREATE TABLE qualified_application (
  id BYTEA PRIMARY KEY,
  list BYTEA NOT NULL REFERENCES qualified_list (id),
  company BYTEA NOT NULL REFERENCES company (id),
  content BYTEA,
  form BYTEA NOT NULL,
  state TEXT NOT NULL REFERENCES qualified_application_state (code),
  given_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  reviewed_at BIGINT,
  unmet TEXT NOT NULL,
  points BIGINT,
  reason TEXT,
  decided_at BIGINT,
  version BIGINT NOT NULL,
  UNIQUE (list, company)
);
CREATE INDEX qualified_application_by_company ON qualified_application (company, given_at, id);

-- Name and content sealed like the application, before the unit that names them.
CREATE TABLE qualified_file (
  id BYTEA PRIMARY KEY,
  application BYTEA NOT NULL REFERENCES qualified_application (id),
  n BIGINT NOT NULL,
  name BYTEA NOT NULL,
  size BIGINT NOT NULL,
  region TEXT NOT NULL,
  blob TEXT NOT NULL
);
CREATE INDEX qualified_file_by_application ON qualified_file (application, n);

-- An applicant objects to the result or to a suspension. about: the instant of the decision that it is against. outcome: upheld, rejected. appeal:
-- the id of the appeal to the operator against the answer; judged: upheld, rejected.
CREATE TABLE qualified_objection (
  id BYTEA PRIMARY KEY,
  list BYTEA NOT NULL REFERENCES qualified_list (id),
  application BYTEA NOT NULL REFERENCES qualified_application (id),
  about BIGINT NOT NULL,
  text TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  outcome TEXT,
  answer TEXT,
  answered_at BIGINT,
  appeal BYTEA,
  appeal_reason TEXT,
  appealed_at BIGINT,
  appeal_due_at BIGINT,
  judged TEXT,
  judgement TEXT,
  judged_at BIGINT,
  UNIQUE (application, about)
);
CREATE INDEX qualified_objection_by_list ON qualified_objection (list, made_at, id);
CREATE INDEX qualified_objection_appealed ON qualified_objection (appeal_due_at, id) WHERE appeal IS NOT NULL AND judged IS NULL;

-- The tenders that were made of a list: whom they name follows from it.
CREATE TABLE qualified_tender (
  tender BYTEA PRIMARY KEY REFERENCES tender (id),
  list BYTEA NOT NULL REFERENCES qualified_list (id),
  created_at BIGINT NOT NULL
);
CREATE INDEX qualified_tender_by_list ON qualified_tender (list, created_at, tender);

-- The qualified list that a notice of our own is about, in place of a tender.
ALTER TABLE notice ADD COLUMN qualified_list BYTEA;
CREATE INDEX notice_of_qualified_list ON notice (qualified_list, published_at, id) WHERE qualified_list IS NOT NULL;
