-- Risk signals: what the disclosed bids of a lot show, read and judged by the operator's risk duty (clause 4.4).

CREATE TABLE risk_signal_kind (code TEXT PRIMARY KEY);
INSERT INTO risk_signal_kind (code) VALUES
  ('low-variation'), ('lone-winner'), ('equal-prices'), ('regular-gaps'), ('similar-text'), ('equal-file'), ('equal-file-data'),
  ('meeting'), ('steady-ratio'), ('rotation');
CREATE TABLE risk_signal_state (code TEXT PRIMARY KEY);
INSERT INTO risk_signal_state (code) VALUES ('open'), ('dismissed'), ('to-examine');

-- A lot whose bids were looked at, once, after their opening. bids: prices that were compared; left_out: envelopes that could not be
-- read. screens: JSON, numbers by name. found: signals, of which `told` are kept. waiting: 1 while one of them is open.
CREATE TABLE risk_assessment (
  lot BYTEA PRIMARY KEY REFERENCES lot (id),
  tender BYTEA NOT NULL REFERENCES tender (id),
  bids BIGINT NOT NULL,
  left_out BIGINT NOT NULL,
  screens TEXT NOT NULL,
  method TEXT NOT NULL,
  found BIGINT NOT NULL,
  told BIGINT NOT NULL,
  waiting BIGINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX risk_assessment_by_waiting ON risk_assessment (waiting, at, lot);
CREATE INDEX risk_assessment_by_time ON risk_assessment (at, lot);

-- value, threshold: millionths. facts: JSON, numbers by name. version: grows with each judgement.
CREATE TABLE risk_signal (
  id BYTEA PRIMARY KEY,
  lot BYTEA NOT NULL REFERENCES risk_assessment (lot),
  position BIGINT NOT NULL,
  kind TEXT NOT NULL REFERENCES risk_signal_kind (code),
  value BIGINT NOT NULL,
  threshold BIGINT NOT NULL,
  facts TEXT NOT NULL,
  state TEXT NOT NULL REFERENCES risk_signal_state (code),
  version BIGINT NOT NULL,
  UNIQUE (lot, position)
);

-- Which bids a signal is about.
CREATE TABLE risk_signal_bid (
  signal BYTEA NOT NULL REFERENCES risk_signal (id),
  bid BYTEA NOT NULL REFERENCES bid (id),
  PRIMARY KEY (signal, bid)
);

-- What a reviewer has said of a signal, and why. Appended; the last one holds.
CREATE TABLE risk_judgement (
  id BYTEA PRIMARY KEY,
  signal BYTEA NOT NULL REFERENCES risk_signal (id),
  outcome TEXT NOT NULL REFERENCES risk_signal_state (code),
  reason TEXT NOT NULL,
  account BYTEA NOT NULL REFERENCES account (id),
  at BIGINT NOT NULL
);
CREATE INDEX risk_judgement_of ON risk_judgement (signal, at, id);

-- Why somebody of the risk duty reads the signals of a lot, and until when they may on that. purpose: of the policy's matrix.
CREATE TABLE risk_grant (
  id BYTEA PRIMARY KEY,
  lot BYTEA NOT NULL REFERENCES risk_assessment (lot),
  account BYTEA NOT NULL REFERENCES account (id),
  purpose TEXT NOT NULL,
  reason TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL
);
CREATE INDEX risk_grant_of ON risk_grant (lot, made_at, id);
CREATE INDEX risk_grant_by_account ON risk_grant (account, lot, ends_at);

-- Each time that something was read on a grant, noted before it is shown.
CREATE TABLE risk_reading (
  id BYTEA PRIMARY KEY,
  risk_grant BYTEA NOT NULL REFERENCES risk_grant (id),
  at BIGINT NOT NULL
);
CREATE INDEX risk_reading_of ON risk_reading (risk_grant, at, id);
