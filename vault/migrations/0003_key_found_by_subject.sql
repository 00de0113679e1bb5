-- A key is looked up by its subject, class and generation: nobody asks for its id alone, and an index of it was written with each new person.
CREATE TABLE data_key_by_subject (
    id BYTEA NOT NULL,
    subject BYTEA NOT NULL,
    class TEXT NOT NULL,
    generation BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (subject, class, generation)
);

INSERT INTO data_key_by_subject (id, subject, class, generation, epoch, wrapped, created_at)
SELECT id, subject, class, generation, epoch, wrapped, created_at FROM data_key;

DROP TABLE data_key;

ALTER TABLE data_key_by_subject RENAME TO data_key;
