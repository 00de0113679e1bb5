-- A browser that somebody has signed in with. mark: keyed hash of the account and of the cookie that the browser keeps for a
-- year, so that two accounts of one browser have nothing in common here.
CREATE TABLE device (
  id BYTEA PRIMARY KEY,
  account BYTEA NOT NULL REFERENCES account (id),
  mark BYTEA NOT NULL UNIQUE,
  first_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);
CREATE INDEX device_by_account ON device (account, first_at, id);
CREATE INDEX device_by_time ON device (seen_at, id);

-- device: with which browser. denied_at: when its person said that it was not them.
ALTER TABLE login_session ADD COLUMN device BYTEA;
ALTER TABLE login_session ADD COLUMN denied_at BIGINT;
