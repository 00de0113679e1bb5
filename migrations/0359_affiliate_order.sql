-- Orders to affiliates' applications (clause 8.2): who had signed in through them is to be signed out there, or deleted.

-- What an affiliate finds its person by: a hash of what it calls them under the secret that both share. None where it takes no orders.
ALTER TABLE account_link ADD COLUMN order_mark BYTEA;

-- kind: sign-out, deletion. state: pending, acknowledged, given-up. mark: as above, until it is acknowledged. job: who delivers it now.
-- trouble: why the last try came to nothing. account: an id that leads nowhere once its person has left.
CREATE TABLE affiliate_order (
  id BYTEA PRIMARY KEY,
  issuer TEXT NOT NULL,
  kind TEXT NOT NULL,
  account BYTEA NOT NULL,
  mark BYTEA,
  state TEXT NOT NULL,
  tries BIGINT NOT NULL,
  trouble TEXT,
  job BYTEA,
  made_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE INDEX affiliate_order_by_state ON affiliate_order (state, made_at, id);
CREATE INDEX affiliate_order_by_account ON affiliate_order (account, made_at, id);
