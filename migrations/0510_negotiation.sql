-- 竞争性磋商: what happens between the opening of the first responses and the evaluation of the final offers.

INSERT INTO lot_state (code) VALUES ('negotiation');
INSERT INTO bid_state (code) VALUES ('retired');

-- When the next deadline of final offers of its lots is, of those that have not passed.
ALTER TABLE tender ADD COLUMN finals BIGINT;

-- What was offered first, once `price` and `delivery_days` are those of the final offer.
ALTER TABLE bid ADD COLUMN first_price BIGINT;
ALTER TABLE bid ADD COLUMN first_delivery_days BIGINT;

-- One for each lot, from its opening on. state: `talks`, `invited`, `closed`, `opened` or `failed`. round: from 1, one more with each
-- change of the requirements. recipient: the key that final offers are sealed to, and no other envelope. few_reason: why fewer than
-- the method asks for suffice.
CREATE TABLE negotiation (
  lot BYTEA PRIMARY KEY REFERENCES lot (id),
  tender BYTEA NOT NULL REFERENCES tender (id),
  state TEXT NOT NULL,
  round BIGINT NOT NULL,
  began_at BIGINT NOT NULL,
  recipient TEXT,
  until BIGINT,
  least_offers BIGINT,
  few_reason TEXT,
  invited_by BYTEA,
  invited_at BIGINT,
  opened_at BIGINT,
  version BIGINT NOT NULL
);
CREATE INDEX negotiation_by_tender ON negotiation (tender);

-- 磋商记录: what was talked about with one bidder, for it and the buyer's side alone. remark: what the bidder says to them when it confirms.
CREATE TABLE negotiation_minutes (
  id BYTEA PRIMARY KEY,
  lot BYTEA NOT NULL REFERENCES lot (id),
  bid BYTEA NOT NULL REFERENCES bid (id),
  round BIGINT NOT NULL,
  held_at BIGINT NOT NULL,
  words TEXT NOT NULL,
  written_by BYTEA NOT NULL,
  written_at BIGINT NOT NULL,
  confirmed_by BYTEA,
  confirmed_at BIGINT,
  remark TEXT
);
CREATE INDEX negotiation_minutes_by_lot ON negotiation_minutes (lot, written_at, id);

-- 实质性变动: told to all bidders that remain. No column could hold to whom.
CREATE TABLE negotiation_change (
  id BYTEA PRIMARY KEY,
  lot BYTEA NOT NULL REFERENCES lot (id),
  round BIGINT NOT NULL,
  words TEXT NOT NULL,
  told_by BYTEA NOT NULL,
  told_at BIGINT NOT NULL,
  UNIQUE (lot, round)
);

-- 最后报价: sealed until its hour. bidder: a keyed hash of lot and company, another than that of the bid, so that no row tells before the hour
-- who has given one; bid: whose it is, once it is open. state: `sealed`, `opened`, `unreadable`, or `unopened`
-- where its envelope was destroyed.
CREATE TABLE final_offer (
  id BYTEA PRIMARY KEY,
  lot BYTEA NOT NULL REFERENCES lot (id),
  bidder BYTEA NOT NULL,
  state TEXT NOT NULL,
  envelope BYTEA,
  size BIGINT NOT NULL,
  sha256 BYTEA NOT NULL,
  received_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  price BIGINT,
  delivery_days BIGINT,
  note TEXT,
  flaw TEXT,
  bid BYTEA REFERENCES bid (id),
  UNIQUE (lot, bidder)
);

CREATE INDEX final_offer_by_bid ON final_offer (bid);

-- What the bidder holds to prove that a final offer was received. event: by which the log proves it.
CREATE TABLE final_offer_receipt (
  offer BYTEA NOT NULL REFERENCES final_offer (id),
  version BIGINT NOT NULL,
  receipt TEXT NOT NULL,
  event BYTEA NOT NULL,
  PRIMARY KEY (offer, version)
);
