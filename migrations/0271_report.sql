-- Reports of what was written in a thread (clauses 6.1, 6.2): one of its sides hands over the messages that it names, and nothing
-- else, to the operator's risk duty.

CREATE TABLE thread_report_state (
  code TEXT PRIMARY KEY
);
INSERT INTO thread_report_state (code) VALUES ('open'), ('decided'), ('replied'), ('final');

-- body, reasons, reply, last_reasons: sealed under a key of this report's own. due_at: by when the desk answers what it has to answer
-- now. decision: none, warned, taken-down, closed. upheld: after a reply, whether the decision stands.
CREATE TABLE thread_report (
  id BYTEA PRIMARY KEY,
  thread BYTEA NOT NULL REFERENCES thread (id),
  reporter BYTEA NOT NULL REFERENCES company (id),
  reported BYTEA NOT NULL REFERENCES company (id),
  ground TEXT NOT NULL,
  body BYTEA NOT NULL,
  state TEXT NOT NULL REFERENCES thread_report_state (code),
  claimed_by BYTEA,
  decision TEXT,
  reasons BYTEA,
  reply BYTEA,
  upheld BIGINT,
  last_reasons BYTEA,
  made_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  decided_at BIGINT,
  replied_at BIGINT,
  final_at BIGINT
);
CREATE INDEX thread_report_by_due ON thread_report (state, due_at, id);
CREATE INDEX thread_report_by_reporter ON thread_report (reporter, made_at, id);
CREATE INDEX thread_report_by_reported ON thread_report (reported, made_at, id);

-- What was handed over: a copy under the report's key, so that withdrawing the message takes nothing from the case.
CREATE TABLE thread_report_message (
  report BYTEA NOT NULL REFERENCES thread_report (id),
  message BYTEA NOT NULL,
  n BIGINT NOT NULL,
  company BYTEA NOT NULL,
  member BIGINT NOT NULL,
  sent_at BIGINT NOT NULL,
  body BYTEA NOT NULL,
  PRIMARY KEY (report, message)
);

-- Each time somebody of the operator has opened what was handed over: both sides see when.
CREATE TABLE thread_report_opening (
  id BYTEA PRIMARY KEY,
  report BYTEA NOT NULL REFERENCES thread_report (id),
  opened_by BYTEA NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX thread_report_opening_by_report ON thread_report_opening (report, at, id);

-- A message that was taken down after a report: both sides see that, and neither its text.
ALTER TABLE thread_message ADD COLUMN taken_down_at BIGINT;
