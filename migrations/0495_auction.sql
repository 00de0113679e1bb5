-- The auction (竞价) after the opening of a tender's price bids: what was chosen in the draft, a session for each lot, who takes part
-- under which letter, and what happens.

INSERT INTO tender_state (code) VALUES ('auction');
INSERT INTO lot_state (code) VALUES ('auction');

-- auction_at: when the sessions are to begin; none where there is no auction. auction_check: when time next does something to one of
-- them, for the clock engine.
ALTER TABLE tender ADD COLUMN auction_at BIGINT;
ALTER TABLE tender ADD COLUMN auction_check BIGINT;

-- The price as it was read out, where bid.price is the last offer of an auction.
ALTER TABLE bid ADD COLUMN opened_price BIGINT;

CREATE TABLE auction_mode (code TEXT PRIMARY KEY);
INSERT INTO auction_mode (code) VALUES ('turns'), ('open');

-- step: thousandths of the lowest opened price. The other columns are of one mode or the other.
CREATE TABLE auction_terms (
  tender BYTEA PRIMARY KEY REFERENCES tender (id),
  mode TEXT NOT NULL REFERENCES auction_mode (code),
  step BIGINT NOT NULL,
  rounds BIGINT,
  turn_minutes BIGINT,
  minutes BIGINT,
  extension_minutes BIGINT,
  hard_minutes BIGINT
);

CREATE TABLE auction_phase (code TEXT PRIMARY KEY);
INSERT INTO auction_phase (code) VALUES ('waiting'), ('running'), ('ended'), ('skipped'), ('terminated');

-- step: fen. turn: how many turns have begun before the one under way; used: 1 once an offer was made in it. entries: the number of
-- the last one. next_check: none once it is over.
CREATE TABLE auction (
  lot BYTEA PRIMARY KEY REFERENCES lot (id),
  tender BYTEA NOT NULL REFERENCES tender (id),
  phase TEXT NOT NULL REFERENCES auction_phase (code),
  starts_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  step BIGINT NOT NULL,
  turn BIGINT NOT NULL,
  used BIGINT NOT NULL,
  entries BIGINT NOT NULL,
  next_check BIGINT
);
CREATE INDEX auction_by_tender ON auction (tender, lot);

-- letter: as it was drawn, from 0. opened, price: fen. place: in the round under way.
CREATE TABLE auction_bidder (
  lot BYTEA NOT NULL REFERENCES auction (lot),
  letter BIGINT NOT NULL,
  bid BYTEA NOT NULL REFERENCES bid (id),
  company BYTEA NOT NULL REFERENCES company (id),
  opened BIGINT NOT NULL,
  price BIGINT NOT NULL,
  place BIGINT NOT NULL,
  PRIMARY KEY (lot, letter)
);
CREATE INDEX auction_bidder_by_company ON auction_bidder (company, lot);

CREATE TABLE auction_kind (code TEXT PRIMARY KEY);
INSERT INTO auction_kind (code) VALUES ('started'), ('turn'), ('offer'), ('ended'), ('skipped'), ('terminated');

-- until: the end of the turn, or of the session, as it stood then. offer: the id that the form carried.
CREATE TABLE auction_entry (
  lot BYTEA NOT NULL REFERENCES auction (lot),
  number BIGINT NOT NULL,
  kind TEXT NOT NULL REFERENCES auction_kind (code),
  at BIGINT NOT NULL,
  letter BIGINT,
  amount BIGINT,
  best BIGINT NOT NULL,
  until BIGINT NOT NULL,
  offer BYTEA UNIQUE,
  offered_by BYTEA,
  PRIMARY KEY (lot, number)
);
