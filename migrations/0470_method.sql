-- Tenders that name providers. readers: 'all', or 'named', where only the buyer and whom it names read it; said when it is published.
-- reason: why its buyer names this one provider; public with the tender.
ALTER TABLE tender ADD COLUMN readers TEXT NOT NULL DEFAULT 'all';
ALTER TABLE tender ADD COLUMN reason TEXT;

CREATE TABLE tender_invitation (
  tender BYTEA NOT NULL REFERENCES tender (id),
  company BYTEA NOT NULL REFERENCES company (id),
  PRIMARY KEY (tender, company)
);
CREATE INDEX tender_invitation_by_company ON tender_invitation (company, tender);

CREATE INDEX company_by_name ON company (name, id);
