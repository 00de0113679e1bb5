-- What a company says of itself, part by part (clauses 3.2, 6.5). Each filing is a version; none is rewritten.

CREATE TABLE company_part_state (
  code TEXT PRIMARY KEY
);
INSERT INTO company_part_state (code) VALUES ('filed'), ('reviewed'), ('reopened');

-- Where a part stands. `version`: the newest that was filed. `reviewed`: the newest that was found true, 0 for none. A part
-- that was never found true is `filed`; one that was changed afterwards is `reopened`, and no other part is.
CREATE TABLE company_part (
  company BYTEA NOT NULL,
  part TEXT NOT NULL,
  version BIGINT NOT NULL,
  reviewed BIGINT NOT NULL,
  state TEXT NOT NULL REFERENCES company_part_state (code),
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (company, part)
);
CREATE INDEX company_part_by_state ON company_part (state, changed_at, company);

-- The versions: `content` is the part's own JSON, company data only.
CREATE TABLE company_fact (
  company BYTEA NOT NULL,
  part TEXT NOT NULL,
  version BIGINT NOT NULL,
  content TEXT NOT NULL,
  filed_at BIGINT NOT NULL,
  reviewed_at BIGINT,
  PRIMARY KEY (company, part, version)
);
