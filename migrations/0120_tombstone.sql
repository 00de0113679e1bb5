-- Who was erased, and when: kept for good, so that no back-up brings anybody back. The journal outside the database says
-- the same. No reference to subject: a back-up may be older than the person.
CREATE TABLE tombstone (
  subject BYTEA PRIMARY KEY,
  at BIGINT NOT NULL
);
INSERT INTO tombstone (subject, at) SELECT id, changed_at FROM subject WHERE standing = 'destroyed';
