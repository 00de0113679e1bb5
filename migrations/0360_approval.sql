-- Approval before an act (审批): which steps a company asks for from which amount on, who asked, who gave what.

-- A chain of steps for an act. chain: steps by threshold in fen, `0:colleague;50000000:colleague,finance`. until: when it ceases to
-- bind; NULL for the one that was set last, an instant for one that was relaxed and still binds until then. All rows that bind
-- are asked for together. since: from when on some chain has bound the act without a gap.
CREATE TABLE approval_rule (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  act TEXT NOT NULL,
  chain TEXT NOT NULL,
  since BIGINT NOT NULL,
  set_by BYTEA NOT NULL,
  set_at BIGINT NOT NULL,
  until BIGINT
);
CREATE INDEX approval_rule_of_company ON approval_rule (company, act, set_at, id);

-- What somebody means to do, as it was asked. about: the tender or the lot. amount: fen, NULL for none that is known. digest: of
-- the act with its whole content. content: the same as JSON, for who decides. account: who asks, and will act.
-- outcome: done, refused, withdrawn, void; NULL while it is open.
CREATE TABLE approval_request (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  act TEXT NOT NULL,
  about BYTEA NOT NULL,
  title TEXT NOT NULL,
  amount BIGINT,
  digest BYTEA NOT NULL,
  content TEXT NOT NULL,
  account BYTEA NOT NULL REFERENCES account (id),
  asked_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  outcome TEXT,
  ended_at BIGINT,
  ended_by BYTEA,
  reason TEXT,
  version BIGINT NOT NULL
);
CREATE INDEX approval_request_of_company ON approval_request (company, asked_at, id);
CREATE INDEX approval_request_of_about ON approval_request (about, asked_at, id);

-- A step that somebody has approved. One person gives one step of a request.
CREATE TABLE approval_given (
  request BYTEA NOT NULL REFERENCES approval_request (id),
  account BYTEA NOT NULL REFERENCES account (id),
  step TEXT NOT NULL,
  given_at BIGINT NOT NULL,
  PRIMARY KEY (request, account)
);
