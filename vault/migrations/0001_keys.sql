-- The key database: apart from data and from data back-ups. All content is wrapped under an epoch key of the root file.

-- One key per subject, retention class and generation. Deleting the row makes what it sealed unreadable everywhere.
CREATE TABLE data_key (
    id BYTEA PRIMARY KEY,
    subject BYTEA NOT NULL,
    class TEXT NOT NULL,
    generation BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (subject, class, generation)
);

-- Key material that belongs to no person: index keys, tender keys.
CREATE TABLE secret (
    name TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
