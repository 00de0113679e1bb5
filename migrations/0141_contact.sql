-- Contacts of a company: people whom a provider names. Everything about them is sealed under their own key; label: what the
-- company calls the entry. asked_until: without their consent the entry goes then.
CREATE TABLE contact (
  id BYTEA PRIMARY KEY,
  subject BYTEA NOT NULL,
  company BYTEA NOT NULL REFERENCES company (id),
  label TEXT NOT NULL,
  name BYTEA NOT NULL,
  phone BYTEA,
  phone_index BYTEA,
  email BYTEA,
  email_index BYTEA,
  department BYTEA,
  title BYTEA,
  other BYTEA,
  entered_by BYTEA NOT NULL,
  locale TEXT NOT NULL,
  entered_at BIGINT NOT NULL,
  asked_until BIGINT NOT NULL
);
CREATE UNIQUE INDEX contact_by_subject ON contact (subject);
CREATE INDEX contact_by_company ON contact (company, entered_at, id);
CREATE INDEX contact_by_phone ON contact (phone_index);
CREATE INDEX contact_by_email ON contact (email_index);
CREATE INDEX contact_by_end ON contact (asked_until, id);

-- Whose contacts a viewer (subject) was shown on a day (20261128, by the installation's calendar): what the daily number counts.
CREATE TABLE contact_showing (
  subject BYTEA NOT NULL,
  day BIGINT NOT NULL,
  company BYTEA NOT NULL REFERENCES company (id),
  at BIGINT NOT NULL,
  PRIMARY KEY (subject, day, company)
);
CREATE INDEX contact_showing_by_time ON contact_showing (at);
