-- Of which back-up these keys were restored.
CREATE TABLE restored (
    backup TEXT PRIMARY KEY,
    at BIGINT NOT NULL
);
