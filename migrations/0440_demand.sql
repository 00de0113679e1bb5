-- Demands (需求): what a company needs, before a tender; who may read them, answers with interest (意向), questions. No row names a
-- person.

CREATE TABLE demand_state (
  code TEXT PRIMARY KEY
);
INSERT INTO demand_state (code) VALUES ('draft'), ('published'), ('closed');

-- Who may read and answer it: everybody, or the companies of demand_invitation.
CREATE TABLE demand_audience (
  code TEXT PRIMARY KEY
);
INSERT INTO demand_audience (code) VALUES ('all'), ('invited');

-- budget: CNY in fen. wanted_on: a day as yyyymmdd. edition: the number of what is public, 0 for a draft. outcome: `ended` by its company, or
-- `tender`, which is then named. copied_of: the earlier demand that it was made of.
CREATE TABLE demand (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  title TEXT NOT NULL,
  summary TEXT NOT NULL,
  category TEXT NOT NULL,
  region TEXT NOT NULL,
  budget BIGINT,
  budget_shown BIGINT NOT NULL,
  wanted_on BIGINT,
  audience TEXT NOT NULL REFERENCES demand_audience (code),
  state TEXT NOT NULL REFERENCES demand_state (code),
  edition BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  published_at BIGINT,
  changed_at BIGINT,
  closed_at BIGINT,
  outcome TEXT,
  reason TEXT,
  tender BYTEA UNIQUE REFERENCES tender (id),
  copied_of BYTEA,
  version BIGINT NOT NULL
);
CREATE INDEX demand_by_company ON demand (company, created_at, id);
CREATE INDEX demand_by_publication ON demand (state, audience, published_at, id);

-- Each edition as it was public.
CREATE TABLE demand_edition (
  demand BYTEA NOT NULL REFERENCES demand (id),
  number BIGINT NOT NULL,
  title TEXT NOT NULL,
  summary TEXT NOT NULL,
  category TEXT NOT NULL,
  region TEXT NOT NULL,
  budget BIGINT,
  budget_shown BIGINT NOT NULL,
  wanted_on BIGINT,
  published_at BIGINT NOT NULL,
  PRIMARY KEY (demand, number)
);

CREATE TABLE demand_invitation (
  demand BYTEA NOT NULL REFERENCES demand (id),
  company BYTEA NOT NULL REFERENCES company (id),
  PRIMARY KEY (demand, company)
);
CREATE INDEX demand_invitation_by_company ON demand_invitation (company, demand);

CREATE TABLE demand_document (
  id BYTEA PRIMARY KEY,
  demand BYTEA NOT NULL REFERENCES demand (id),
  name TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 BYTEA NOT NULL,
  region TEXT NOT NULL,
  blob TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX demand_document_by_demand ON demand_document (demand, created_at, id);

-- asker: a keyed hash of demand and company, as of a question about a tender.
CREATE TABLE demand_question (
  id BYTEA PRIMARY KEY,
  demand BYTEA NOT NULL REFERENCES demand (id),
  asker BYTEA NOT NULL,
  text TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  answer TEXT,
  answered_at BIGINT,
  version BIGINT NOT NULL
);
CREATE INDEX demand_question_by_demand ON demand_question (demand, asked_at, id);

-- One a company. content: text, indicative price, earliest day, sealed under the key that the region keeps for the answering company;
-- NULL when it was withdrawn. form: the id that the form carried by which it was given or changed last.
CREATE TABLE demand_interest (
  id BYTEA PRIMARY KEY,
  demand BYTEA NOT NULL REFERENCES demand (id),
  company BYTEA NOT NULL REFERENCES company (id),
  content BYTEA,
  form BYTEA NOT NULL,
  given_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (demand, company)
);
CREATE INDEX demand_interest_by_company ON demand_interest (company, given_at, id);
