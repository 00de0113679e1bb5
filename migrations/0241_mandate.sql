-- Letters of authorisation (授权委托书): which acts a company lets a member do in its name, for what, and from when until when.

-- A company that has a row lets nobody act in its name without a letter but its owners and its legal representative.
-- persons: 1 when the holder of a letter has to be verified as a person, too.
CREATE TABLE mandate_rule (
  company BYTEA PRIMARY KEY REFERENCES company (id),
  persons BIGINT NOT NULL,
  set_by BYTEA NOT NULL,
  set_at BIGINT NOT NULL
);

-- acts: codes, a space between two. target: the one tender or lot that it is for, as a keyed hash together with the company, and
-- NULL for all: before the opening no row may tell who means to bid for what. target_sealed: the same for its readers, sealed
-- by the key database. remind_at: when its holder is to be told that it ends.
CREATE TABLE mandate (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  account BYTEA NOT NULL REFERENCES account (id),
  acts TEXT NOT NULL,
  target BYTEA,
  target_sealed BYTEA,
  valid_from BIGINT NOT NULL,
  valid_until BIGINT NOT NULL,
  issued_by BYTEA NOT NULL,
  issued_at BIGINT NOT NULL,
  revoked_by BYTEA,
  revoked_at BIGINT,
  remind_at BIGINT
);
CREATE INDEX mandate_of_account ON mandate (account, company, issued_at, id);
CREATE INDEX mandate_of_company ON mandate (company, issued_at, id);
CREATE INDEX mandate_to_remind ON mandate (remind_at, id) WHERE remind_at IS NOT NULL;
