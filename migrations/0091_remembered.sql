-- What somebody wants remembered of searching: one sealed document a person, so that its end is the end of one row.

CREATE TABLE remembered (
    id BYTEA PRIMARY KEY,
    subject BYTEA NOT NULL UNIQUE,
    content BYTEA NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
