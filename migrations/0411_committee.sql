-- Evaluation by a committee (评标委员会): who offers to evaluate, the pool of a lot, its draw, the scores, the report.

-- Somebody who offers to evaluate for other companies (评审专家); their own choice, ended by themselves.
CREATE TABLE expert (
  account BYTEA PRIMARY KEY REFERENCES account (id),
  company BYTEA NOT NULL REFERENCES company (id),
  since BIGINT NOT NULL
);
CREATE INDEX expert_by_company ON expert (company, account);

CREATE TABLE committee_standing (code TEXT PRIMARY KEY);
INSERT INTO committee_standing (code) VALUES
  ('reserve'), ('called'), ('seated'), ('signed'), ('recused'), ('removed'), ('passed-over');

-- pool: hash of the pseudonyms. event: the one that commits to it. entry, seed: of the log, from the draw on. round: how often it
-- was concluded. report: JSON, while it stands; report_sha256: its hash.
CREATE TABLE committee (
  lot BYTEA PRIMARY KEY REFERENCES lot (id),
  tender BYTEA NOT NULL REFERENCES tender (id),
  seats BIGINT NOT NULL,
  pool BYTEA NOT NULL,
  event BYTEA NOT NULL,
  formed_by BYTEA NOT NULL,
  formed_at BIGINT NOT NULL,
  entry BIGINT,
  seed BYTEA,
  drawn_at BIGINT,
  round BIGINT NOT NULL,
  concluded_at BIGINT,
  report TEXT,
  report_sha256 BYTEA
);

-- Who is in the pool of a lot, or was named by the buyer (own = 1). place: in the draw. number: of the seat, once called.
CREATE TABLE candidate (
  lot BYTEA NOT NULL REFERENCES committee (lot),
  account BYTEA NOT NULL REFERENCES account (id),
  company BYTEA NOT NULL REFERENCES company (id),
  pseudonym BYTEA NOT NULL,
  salt BYTEA NOT NULL,
  own BIGINT NOT NULL,
  place BIGINT,
  number BIGINT,
  standing TEXT NOT NULL REFERENCES committee_standing (code),
  reason TEXT,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (lot, account)
);
CREATE INDEX candidate_by_account ON candidate (account, lot);

CREATE TABLE rejection_ground (code TEXT PRIMARY KEY);
INSERT INTO rejection_ground (code) VALUES
  ('unsigned'), ('unqualified'), ('unresponsive'), ('several-prices'), ('over-ceiling'), ('below-cost'), ('collusion');

-- What an evaluator says of a bid: points in hundredths, one for each criterion, as JSON; whether it is to be rejected, and why; of a
-- score far from the mean, why.
CREATE TABLE score (
  lot BYTEA NOT NULL REFERENCES committee (lot),
  account BYTEA NOT NULL REFERENCES account (id),
  bid BYTEA NOT NULL REFERENCES bid (id),
  points TEXT NOT NULL,
  ground TEXT REFERENCES rejection_ground (code),
  remark TEXT NOT NULL,
  deviation TEXT,
  saved_at BIGINT NOT NULL,
  PRIMARY KEY (lot, account, bid)
);

-- Why another than the first of a committee's ranking was chosen; public with the result.
ALTER TABLE award ADD COLUMN departure TEXT;
