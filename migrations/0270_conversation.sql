-- Contact requests, threads and messages between companies (clause 6.6). Every text is sealed under the key that the region keeps for
-- the company that wrote it; the rows here hold ids, states and ciphertext.

-- What a request and its thread are about.
CREATE TABLE conversation_matter (
  code TEXT PRIMARY KEY
);
INSERT INTO conversation_matter (code) VALUES ('general'), ('provider'), ('tender');

CREATE TABLE contact_request_state (
  code TEXT PRIMARY KEY
);
INSERT INTO contact_request_state (code) VALUES ('open'), ('accepted'), ('declined'), ('expired'), ('withdrawn');

-- topic: both companies in the order of their ids, the matter and its tender. live: the same while the request is open, and nothing
-- afterwards, so that a pair has one open request for each topic. body: of the asker; reason: of the company that was asked.
CREATE TABLE contact_request (
  id BYTEA PRIMARY KEY,
  asker BYTEA NOT NULL REFERENCES company (id),
  asked BYTEA NOT NULL REFERENCES company (id),
  matter TEXT NOT NULL REFERENCES conversation_matter (code),
  tender BYTEA REFERENCES tender (id),
  topic BYTEA NOT NULL,
  live BYTEA UNIQUE,
  body BYTEA NOT NULL,
  state TEXT NOT NULL REFERENCES contact_request_state (code),
  reason BYTEA,
  made_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  decided_at BIGINT
);
CREATE INDEX contact_request_by_asker ON contact_request (asker, made_at, id);
CREATE INDEX contact_request_by_asked ON contact_request (asked, made_at, id);
CREATE INDEX contact_request_by_end ON contact_request (state, expires_at, id);

-- One thread a topic. messages: how many there were, so that each has a number. closed_why: `company` (one of them has closed down),
-- `operator` (after a report).
CREATE TABLE thread (
  id BYTEA PRIMARY KEY,
  topic BYTEA NOT NULL UNIQUE,
  matter TEXT NOT NULL REFERENCES conversation_matter (code),
  tender BYTEA REFERENCES tender (id),
  messages BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  closed_at BIGINT,
  closed_why TEXT
);

-- A thread as each of its two companies has it. at: when something was last said. address: the company's postal address as it was
-- previewed and shared, sealed under its own key; nothing when it is not shared.
CREATE TABLE thread_side (
  thread BYTEA NOT NULL REFERENCES thread (id),
  company BYTEA NOT NULL REFERENCES company (id),
  other BYTEA NOT NULL REFERENCES company (id),
  at BIGINT NOT NULL,
  address BYTEA,
  address_at BIGINT,
  PRIMARY KEY (thread, company)
);
CREATE INDEX thread_side_by_company ON thread_side (company, at, thread);

-- Who of a company has read or written: a number within the company, by which the other side tells them apart. Without an account the
-- person is gone, and the number stays taken. shares: how often they have shared something, so that an old form shares nothing anew.
CREATE TABLE thread_member (
  thread BYTEA NOT NULL REFERENCES thread (id),
  company BYTEA NOT NULL REFERENCES company (id),
  number BIGINT NOT NULL,
  account BYTEA,
  read_up_to BIGINT NOT NULL,
  shares BIGINT NOT NULL,
  PRIMARY KEY (thread, company, number),
  UNIQUE (thread, company, account)
);
CREATE INDEX thread_member_by_account ON thread_member (account);

-- n: from 1, in the order in which they came. member: the writer's number in the company; duties: those they had then. body: gone when
-- the message was withdrawn.
CREATE TABLE thread_message (
  id BYTEA PRIMARY KEY,
  thread BYTEA NOT NULL REFERENCES thread (id),
  n BIGINT NOT NULL,
  company BYTEA NOT NULL REFERENCES company (id),
  member BIGINT NOT NULL,
  duties TEXT NOT NULL,
  body BYTEA,
  sent_at BIGINT NOT NULL,
  withdrawn_at BIGINT,
  UNIQUE (thread, n)
);

-- What a member shares of themselves with the other side of one thread. Taken back, the row is gone.
CREATE TABLE thread_sharing (
  id BYTEA PRIMARY KEY,
  thread BYTEA NOT NULL REFERENCES thread (id),
  company BYTEA NOT NULL REFERENCES company (id),
  subject BYTEA NOT NULL,
  account BYTEA NOT NULL,
  name BYTEA,
  phone BYTEA,
  email BYTEA,
  shared_at BIGINT NOT NULL,
  UNIQUE (thread, account)
);
CREATE INDEX thread_sharing_by_subject ON thread_sharing (subject);
CREATE INDEX thread_sharing_by_account ON thread_sharing (account, company);

-- When a company looked at the other's postal address. What it sees of persons is in the record of openings.
CREATE TABLE thread_address_view (
  id BYTEA PRIMARY KEY,
  thread BYTEA NOT NULL REFERENCES thread (id),
  viewer BYTEA NOT NULL REFERENCES company (id),
  at BIGINT NOT NULL
);
CREATE INDEX thread_address_view_by_thread ON thread_address_view (thread, at, id);

-- From whom a company wants nothing.
CREATE TABLE company_block (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  blocked BYTEA NOT NULL REFERENCES company (id),
  at BIGINT NOT NULL,
  UNIQUE (company, blocked)
);

-- What happened before there were any opens no thread.
INSERT INTO follower (name, seq) SELECT 'conversation', last FROM sequencer WHERE id = 1;
