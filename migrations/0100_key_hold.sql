-- What the law has kept of a person who was erased: a class of keys that no opening may use any more, until its date. A
-- class without a row is destroyed at once.
CREATE TABLE key_hold (
  subject BYTEA NOT NULL,
  class TEXT NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (subject, class)
);
