-- Substitution while away (代理): for so long a colleague acts with the duties of somebody who is away, beside their own.

-- absent: who is away, and has asked; substitute: who is asked. It runs from begins_at to ends_at, not before accepted_at and not
-- after ended_at; nothing has to happen at either end. ended_how: declined, withdrawn, returned, laid-down, recalled, gone; NULL
-- while nobody has ended it.
CREATE TABLE substitution (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  absent BYTEA NOT NULL REFERENCES account (id),
  substitute BYTEA NOT NULL REFERENCES account (id),
  begins_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  asked_at BIGINT NOT NULL,
  accepted_at BIGINT,
  ended_at BIGINT,
  ended_how TEXT
);
CREATE INDEX substitution_by_substitute ON substitution (substitute, ends_at, id);
CREATE INDEX substitution_by_absent ON substitution (absent, ends_at, id);
CREATE INDEX substitution_of_company ON substitution (company, asked_at, id);
CREATE INDEX substitution_by_end ON substitution (ends_at, id);

-- What was done in the name of who was away: an act that only their duty allowed. request: of which request, so that its act
-- stands once. operation: as the description of the API names it. path: where it was sent, ids and nothing typed.
CREATE TABLE stood_in (
  substitution BYTEA NOT NULL REFERENCES substitution (id),
  request BYTEA NOT NULL,
  at BIGINT NOT NULL,
  operation TEXT NOT NULL,
  path TEXT NOT NULL,
  PRIMARY KEY (substitution, request)
);
CREATE INDEX stood_in_by_time ON stood_in (substitution, at, request);
