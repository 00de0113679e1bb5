-- Files of messages (clauses 6.1, 6.3, 6.6). name, and the content in its data region, are sealed under the key of the company that wrote
-- the message. A message that is withdrawn loses its rows, and the store its files.
CREATE TABLE thread_file (
  id BYTEA PRIMARY KEY,
  message BYTEA NOT NULL REFERENCES thread_message (id),
  n BIGINT NOT NULL,
  name BYTEA NOT NULL,
  size BIGINT NOT NULL,
  region TEXT NOT NULL,
  blob TEXT NOT NULL,
  UNIQUE (message, n)
);
CREATE INDEX thread_file_by_blob ON thread_file (blob);

-- The same of a message that was handed over with a report: copies under the report's key.
CREATE TABLE thread_report_file (
  id BYTEA PRIMARY KEY,
  report BYTEA NOT NULL REFERENCES thread_report (id),
  message BYTEA NOT NULL,
  n BIGINT NOT NULL,
  name BYTEA NOT NULL,
  size BIGINT NOT NULL,
  region TEXT NOT NULL,
  blob TEXT NOT NULL,
  UNIQUE (report, message, n)
);
CREATE INDEX thread_report_file_by_blob ON thread_report_file (blob);
