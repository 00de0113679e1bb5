-- Between a committee's report and the award: the publication of a lot's candidates (中标候选人公示) with its standstill, objections
-- (异议) to it, and appeals to the operator (平台申诉).

INSERT INTO lot_state (code) VALUES ('candidates');

-- Until when nothing is awarded; none once its end is noted. tender.standstill: the next of its lots, for the clock engine.
ALTER TABLE lot ADD COLUMN standstill_until BIGINT;
ALTER TABLE tender ADD COLUMN standstill BIGINT;

CREATE TABLE candidates_state (code TEXT PRIMARY KEY);
INSERT INTO candidates_state (code) VALUES ('published'), ('withdrawn'), ('void');

-- At most one of a lot stands: the unit that publishes compares and changes the lot's state.
-- round, report_sha256: of the report that it rests on. candidates: JSON, as it is public; at most three. lateness: why it was not
-- published within the days. ended_reason: public, too; none where an appeal was upheld.
CREATE TABLE candidates_publication (
  id BYTEA PRIMARY KEY,
  lot BYTEA NOT NULL REFERENCES lot (id),
  tender BYTEA NOT NULL REFERENCES tender (id),
  round BIGINT NOT NULL,
  report_sha256 BYTEA NOT NULL,
  candidates TEXT NOT NULL,
  lateness TEXT,
  state TEXT NOT NULL REFERENCES candidates_state (code),
  published_by BYTEA NOT NULL,
  published_at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  ended_reason TEXT,
  ended_by BYTEA,
  ended_at BIGINT
);
CREATE INDEX candidates_publication_by_lot ON candidates_publication (lot, published_at, id);

-- What a bidder of the lot says against the candidates. wanted: what is asked for; may be empty. appeal_until: from the answer on.
CREATE TABLE objection (
  id BYTEA PRIMARY KEY,
  publication BYTEA NOT NULL REFERENCES candidates_publication (id),
  lot BYTEA NOT NULL REFERENCES lot (id),
  tender BYTEA NOT NULL REFERENCES tender (id),
  company BYTEA NOT NULL REFERENCES company (id),
  reason TEXT NOT NULL,
  wanted TEXT NOT NULL,
  made_by BYTEA NOT NULL,
  made_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  answer TEXT,
  answered_by BYTEA,
  answered_at BIGINT,
  appeal_until BIGINT
);
CREATE INDEX objection_by_publication ON objection (publication, made_at, id);
CREATE INDEX objection_by_lot ON objection (lot, made_at, id);
CREATE INDEX objection_unanswered ON objection (due_at, id) WHERE answer IS NULL;

CREATE TABLE appeal_outcome (code TEXT PRIMARY KEY);
INSERT INTO appeal_outcome (code) VALUES ('dismissed'), ('upheld');

-- What the objector says to the operator against the answer, once.
CREATE TABLE appeal (
  objection BYTEA PRIMARY KEY REFERENCES objection (id),
  id BYTEA NOT NULL UNIQUE,
  reason TEXT NOT NULL,
  made_by BYTEA NOT NULL,
  made_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  outcome TEXT REFERENCES appeal_outcome (code),
  decision TEXT,
  decided_by BYTEA,
  decided_at BIGINT
);
CREATE INDEX appeal_undecided ON appeal (due_at, id) WHERE outcome IS NULL;
