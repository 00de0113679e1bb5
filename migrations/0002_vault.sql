-- Who is sealed, and who opened what. No personal value stands here, only ids.

CREATE TABLE subject_standing (
    code TEXT PRIMARY KEY
);
INSERT INTO subject_standing (code) VALUES ('active'), ('blocked'), ('destroyed');

-- A natural person. generation: of the keys that may still open; it rises when they are destroyed.
CREATE TABLE subject (
    id BYTEA PRIMARY KEY,
    standing TEXT NOT NULL REFERENCES subject_standing (code),
    generation BIGINT NOT NULL,
    enrolled_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE opening_outcome (
    code TEXT PRIMARY KEY
);
INSERT INTO opening_outcome (code) VALUES ('opened'), ('denied');

-- One row per page that opened, or was refused, personal data.
-- subjects: 16 bytes each, ascending, no duplicates. fields and bases: comma-separated, in step with each other.
CREATE TABLE opening (
    id BYTEA PRIMARY KEY,
    at BIGINT NOT NULL,
    outcome TEXT NOT NULL REFERENCES opening_outcome (code),
    subjects BYTEA NOT NULL,
    fields TEXT NOT NULL,
    purpose TEXT NOT NULL,
    bases TEXT NOT NULL,
    recipient TEXT NOT NULL,
    opener_company BYTEA,
    opener_role TEXT NOT NULL,
    opener_subject BYTEA,
    request BYTEA NOT NULL,
    policy_version TEXT NOT NULL
);
CREATE INDEX opening_by_time ON opening (at, id);
