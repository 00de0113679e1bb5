-- Webhooks: what a company's programs are told of what happens to its tenders, by a request to an address that it has named.

CREATE TABLE webhook_state (
  code TEXT PRIMARY KEY
);
INSERT INTO webhook_state (code) VALUES ('on'), ('off'), ('given-up');

-- kinds: codes, a space between two. secret: sealed by the key database; old_secret is still signed with until old_until.
-- last: the number of the newest message. due_at: when the next request is to go out; NULL when nothing waits. job: the job
-- that asks now; only one does. failures: in a row, since failing_since.
CREATE TABLE webhook (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  url TEXT NOT NULL,
  kinds TEXT NOT NULL,
  state TEXT NOT NULL REFERENCES webhook_state (code),
  secret BYTEA NOT NULL,
  old_secret BYTEA,
  old_until BIGINT,
  last BIGINT NOT NULL,
  due_at BIGINT,
  job BYTEA,
  failures BIGINT NOT NULL,
  failing_since BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX webhook_by_company ON webhook (company, created_at, id);
CREATE INDEX webhook_by_due ON webhook (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_overlapping ON webhook (old_until, id) WHERE old_until IS NOT NULL;

CREATE TABLE webhook_delivery_state (
  code TEXT PRIMARY KEY
);
INSERT INTO webhook_delivery_state (code) VALUES ('waiting'), ('delivered');

-- One row a webhook and event, in the order of n. event: of a trial, the id that its form carried. body: what is sent, ids and
-- codes only. outcome: of the last try, a status or a word.
CREATE TABLE webhook_delivery (
  id BYTEA PRIMARY KEY,
  webhook BYTEA NOT NULL REFERENCES webhook (id),
  event BYTEA NOT NULL,
  n BIGINT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL REFERENCES webhook_delivery_state (code),
  tries BIGINT NOT NULL,
  outcome TEXT,
  at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  UNIQUE (webhook, event),
  UNIQUE (webhook, n)
);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (webhook, n) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_by_age ON webhook_delivery (at, id);

-- What happened before there were any is not told.
INSERT INTO follower (name, seq) SELECT 'webhook', last FROM sequencer WHERE id = 1;
