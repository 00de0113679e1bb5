-- Which keys belong to this database: a hash of the public key of the transparency log, whose secret half lies in the key
-- database. One row.
CREATE TABLE installation (
  id BIGINT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  set_at BIGINT NOT NULL
);

-- Of which back-up this database was made. Nothing is served before the tombstones of the journal were replayed.
-- journal_lost: the operator said that there is no journal any more.
CREATE TABLE restoration (
  backup TEXT PRIMARY KEY,
  taken_at BIGINT NOT NULL,
  loaded_at BIGINT NOT NULL,
  replayed_at BIGINT,
  journal_lost BIGINT NOT NULL
);
