-- Notifications: what the platform tells a person of what has happened, in their inbox and by mail.

-- One row a person and thing told. reader: a keyed hash of the person, so that the table alone does not tell who has bid for
-- what. about: the id of what it is about (a tender, a company, an account …); names and titles are read when it is shown.
-- event: the last that it tells of; times: how many, of one kind and about one thing, within the kind's window.
-- shown: 0 where the person wants it by mail only.
CREATE TABLE notification (
  id BYTEA PRIMARY KEY,
  reader BYTEA NOT NULL,
  kind TEXT NOT NULL,
  about BYTEA NOT NULL,
  event BYTEA NOT NULL,
  times BIGINT NOT NULL,
  shown BIGINT NOT NULL,
  since BIGINT NOT NULL,
  at BIGINT NOT NULL,
  read_at BIGINT
);
CREATE INDEX notification_by_reader ON notification (reader, at, id);
CREATE INDEX notification_unread ON notification (reader, at, id) WHERE read_at IS NULL;
CREATE INDEX notification_by_about ON notification (reader, kind, about, since, id);
CREATE INDEX notification_by_time ON notification (at, id);

-- What has been told: one row a person, kind and event, so that nobody is told twice however often the work is done again.
CREATE TABLE notification_cause (
  reader BYTEA NOT NULL,
  kind TEXT NOT NULL,
  event BYTEA NOT NULL,
  notification BYTEA NOT NULL REFERENCES notification (id),
  PRIMARY KEY (reader, kind, event)
);
CREATE INDEX notification_cause_by_notification ON notification_cause (notification);

CREATE TABLE delivery_state (
  code TEXT PRIMARY KEY
);
INSERT INTO delivery_state (code) VALUES ('waiting'), ('sent'), ('off'), ('shut'), ('refused');

-- How each goes out beside the inbox. account: whom to write to, while one that is needed waits; it is left to another job
-- at due_at if none has brought it until then.
CREATE TABLE notification_delivery (
  notification BYTEA NOT NULL REFERENCES notification (id),
  channel TEXT NOT NULL,
  state TEXT NOT NULL REFERENCES delivery_state (code),
  account BYTEA,
  due_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (notification, channel)
);
CREATE INDEX notification_delivery_due ON notification_delivery (due_at, notification) WHERE state = 'waiting';

-- What a person has switched on or off, where it is not as it comes.
CREATE TABLE notification_choice (
  reader BYTEA NOT NULL,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  is_on BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (reader, kind, channel)
);

-- What happened before there was an inbox is no news.
INSERT INTO follower (name, seq) SELECT 'inbox', last FROM sequencer WHERE id = 1;

-- Which inboxes have changed since a number: for the pages that are open.
CREATE INDEX event_inbox ON event (seq) WHERE kind = 'inbox.changed';
