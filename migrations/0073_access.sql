-- Who looked at whose data: openings, spread by the persons in them, so that each person can read their own.

-- 0 until its persons' rows are written.
ALTER TABLE opening ADD COLUMN fanned BIGINT NOT NULL DEFAULT 0;
CREATE INDEX opening_unfanned ON opening (at, id) WHERE fanned = 0;

-- own: the person's own page opened it.
CREATE TABLE opening_subject (
    subject BYTEA NOT NULL,
    own BIGINT NOT NULL,
    at BIGINT NOT NULL,
    opening BYTEA NOT NULL REFERENCES opening (id),
    PRIMARY KEY (subject, own, at, opening)
);
