-- Companies that close. former_code: the credit code while transactions need it; its place in credit_code is free for a
-- company that registers again.
ALTER TABLE company ADD COLUMN closed_at BIGINT;
ALTER TABLE company ADD COLUMN former_code TEXT;

CREATE TABLE closing_state (code TEXT PRIMARY KEY);
INSERT INTO closing_state (code) VALUES ('waiting'), ('withdrawn'), ('stopped'), ('closed');

-- Requests to close a company. account: the owner who asked; none where nobody acted for it any more.
CREATE TABLE closing (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  account BYTEA REFERENCES account (id),
  state TEXT NOT NULL REFERENCES closing_state (code),
  requested_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX closing_by_company ON closing (company, requested_at, id);
CREATE INDEX company_by_closing ON company (closed_at, id);

-- Companies that were left alone before there was a way to close them.
INSERT INTO job (id, kind, payload, run_at, attempts, dead, created_at)
SELECT c.id, 'closing.alone', c.id, c.created_at, 0, 0, c.created_at FROM company c
WHERE NOT EXISTS (SELECT 1 FROM account a WHERE a.company = c.id AND a.ended_at IS NULL);
