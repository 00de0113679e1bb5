-- Who stands for a company: a natural person, sealed under a subject of their own. The row of who does not any more stays for
-- as long as `company.sweep` says.
CREATE TABLE company_representative (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL,
  subject BYTEA NOT NULL UNIQUE,
  name BYTEA NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT
);
CREATE INDEX company_representative_of ON company_representative (company, since);
CREATE INDEX company_representative_until ON company_representative (until, id);

-- When a company is told that a permit ends: thirty days before (`last` 0) and on the day (1). A row is what is still to be told.
CREATE TABLE company_reminder (
  document BYTEA NOT NULL,
  last BIGINT NOT NULL,
  company BYTEA NOT NULL,
  at BIGINT NOT NULL,
  name TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  PRIMARY KEY (document, last)
);
CREATE INDEX company_reminder_by_time ON company_reminder (at, document);
CREATE INDEX company_reminder_of ON company_reminder (company);
