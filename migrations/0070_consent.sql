-- The consent ledger: who agreed to which additional function. Events are appended and never changed; consent_state says
-- how each stands now and changes in the unit that appends. Ids and texts of the platform only, no personal value.

CREATE TABLE consent_party (
    code TEXT PRIMARY KEY
);
INSERT INTO consent_party (code) VALUES ('subject'), ('company');

CREATE TABLE consent_act (
    code TEXT PRIMARY KEY
);
INSERT INTO consent_act (code) VALUES
    ('requested'), ('given'), ('refused'), ('withdrawn'), ('expired'), ('superseded'), ('invalidated');

CREATE TABLE consent_method (
    code TEXT PRIMARY KEY
);
INSERT INTO consent_method (code) VALUES ('click'), ('gpc'), ('contract'), ('statutory');

CREATE TABLE consent_kind (
    code TEXT PRIMARY KEY
);
INSERT INTO consent_kind (code) VALUES ('explicit'), ('separate'), ('written');

-- number: 1, 2, 3 … of a holder and purpose. scope: what was agreed to, one use a word, `field:recipient:retention`.
-- text: as it was shown, in that language; text_hash: its SHA-256. actor: the person who acted; none for the program.
CREATE TABLE consent_event (
    id BYTEA PRIMARY KEY,
    party TEXT NOT NULL REFERENCES consent_party (code),
    holder BYTEA NOT NULL,
    purpose TEXT NOT NULL,
    number BIGINT NOT NULL,
    act TEXT NOT NULL REFERENCES consent_act (code),
    at BIGINT NOT NULL,
    ends_at BIGINT,
    scope TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    text TEXT,
    text_hash BYTEA,
    language TEXT NOT NULL,
    place TEXT NOT NULL,
    channel TEXT NOT NULL,
    method TEXT NOT NULL REFERENCES consent_method (code),
    kind TEXT REFERENCES consent_kind (code),
    actor BYTEA,
    UNIQUE (holder, purpose, number)
);
CREATE INDEX consent_event_by_holder ON consent_event (holder, at, id);

-- relied: how many openings have rested on it. An opening changes the row that it rests on, so that on every engine it
-- comes either before a withdrawal or after it, and then is refused.
CREATE TABLE consent_state (
    holder BYTEA NOT NULL,
    purpose TEXT NOT NULL,
    party TEXT NOT NULL REFERENCES consent_party (code),
    event BYTEA NOT NULL REFERENCES consent_event (id),
    number BIGINT NOT NULL,
    act TEXT NOT NULL REFERENCES consent_act (code),
    at BIGINT NOT NULL,
    ends_at BIGINT,
    scope TEXT NOT NULL,
    relied BIGINT NOT NULL,
    PRIMARY KEY (holder, purpose)
);
CREATE INDEX consent_state_by_act ON consent_state (act, purpose, holder);

-- For which company a person acts: some functions need that company's authorisation too.
ALTER TABLE subject ADD COLUMN company BYTEA;
CREATE INDEX subject_by_company ON subject (company, id);

-- Why an attempt was denied: the codes of its refusals, comma-separated.
ALTER TABLE opening ADD COLUMN reason TEXT;
