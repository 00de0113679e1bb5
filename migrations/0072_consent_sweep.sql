-- When it was last written down which consents have ended by themselves.
CREATE TABLE consent_sweep (
  id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL
);
INSERT INTO consent_sweep (id, at) VALUES (1, 0);
