-- What visitors and members used: pages, searches, addresses, times; all of it sealed. subject: a member, or the day of the
-- visitors. hour: since 1970, since the exact time beside a row of a bid would tell whose it is.
CREATE TABLE use_log (
  id BYTEA PRIMARY KEY,
  subject BYTEA NOT NULL,
  hour BIGINT NOT NULL,
  entries BYTEA NOT NULL
);
CREATE INDEX use_log_by_subject ON use_log (subject, hour, id);
CREATE INDEX use_log_by_hour ON use_log (hour, id);

-- Visitors have no subject: each day has one of its own, whose key ends with it. day: since 1970.
CREATE TABLE use_day (
  day BIGINT PRIMARY KEY,
  subject BYTEA NOT NULL,
  ended_at BIGINT
);
CREATE INDEX use_day_by_end ON use_day (ended_at, day);
