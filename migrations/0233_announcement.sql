-- What the operator announces to everybody (平台通告): drafted, published, withdrawn. It stands on top of every page from its
-- publication until its end, and in the list afterwards. Texts of the platform, in both languages; no personal value.
CREATE TABLE announcement_state (code TEXT PRIMARY KEY);
INSERT INTO announcement_state (code) VALUES ('draft'), ('published'), ('withdrawn');
CREATE TABLE announcement (
    id BYTEA PRIMARY KEY,
    state TEXT NOT NULL REFERENCES announcement_state (code),
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    body_zh TEXT NOT NULL,
    body_en TEXT NOT NULL,
    ends_at BIGINT NOT NULL,
    drafted_by BYTEA NOT NULL,
    drafted_at BIGINT NOT NULL,
    published_by BYTEA,
    published_at BIGINT,
    withdrawn_by BYTEA,
    withdrawn_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX announcement_by_state ON announcement (state, ends_at, id);
CREATE INDEX announcement_by_time ON announcement (drafted_at, id);
