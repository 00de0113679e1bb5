-- What somebody means to show the other side of an award: typed and previewed while the bids are open, shown from the award on, in the
-- thread that it opens, until ends_at. Taken back, the values are gone; the row stays so that an old form shows nothing anew (changes).
CREATE TABLE award_contact (
  id BYTEA NOT NULL,
  tender BYTEA NOT NULL REFERENCES tender (id),
  company BYTEA NOT NULL REFERENCES company (id),
  subject BYTEA NOT NULL,
  account BYTEA NOT NULL,
  name BYTEA,
  phone BYTEA,
  email BYTEA,
  changes BIGINT NOT NULL,
  set_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  PRIMARY KEY (tender, account)
);
CREATE INDEX award_contact_by_subject ON award_contact (subject);
CREATE INDEX award_contact_by_end ON award_contact (ends_at);
