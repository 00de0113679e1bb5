-- What a member has chosen about optional cookies; it holds in every browser that they sign in with. No row: not asked yet.
-- method: how it was said; the browser's signal never replaces what the person has said themselves.
CREATE TABLE cookie_choice (
  subject BYTEA PRIMARY KEY,
  optional BIGINT NOT NULL,
  method TEXT NOT NULL REFERENCES consent_method (code),
  at BIGINT NOT NULL
);
