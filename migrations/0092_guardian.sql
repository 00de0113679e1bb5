-- Guardians' consents. Nobody's name, number or address stands here: the link that a guardian was mailed names the row, and
-- only who has the link can agree, hand on the permission, and take it back.
CREATE TABLE guardian_consent (
    id BYTEA PRIMARY KEY,
    agreed_at BIGINT NOT NULL,
    policy_version TEXT NOT NULL,
    text_hash TEXT NOT NULL,
    language TEXT NOT NULL,
    account BYTEA UNIQUE,
    subject BYTEA,
    used_at BIGINT,
    withdrawn_at BIGINT
);

-- The permission that a minor registers with; none for adults.
ALTER TABLE registration ADD COLUMN guardian BYTEA;
