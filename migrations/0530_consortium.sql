-- Consortium bids (联合体投标, 招标投标法 art. 31): how many members a tender takes, and who has agreed with whom on which lot. Until the opening no
-- row says who is a member.

-- consortium_most: up to how many members a consortium may have, its lead among them; 0 where none is accepted.
ALTER TABLE tender ADD COLUMN consortium_most BIGINT NOT NULL DEFAULT 0;
CREATE INDEX tender_by_consortium ON tender (deadline, id) WHERE consortium_most > 0;

-- agreement: the joint bidding agreement, sealed under a key of its own in the key database; nothing changes it. sha256: of its text, which has a
-- salt. dissolved_at: when its lead gave it up before it bid.
CREATE TABLE consortium (
  id BYTEA PRIMARY KEY,
  tender BYTEA NOT NULL REFERENCES tender (id),
  lot BYTEA NOT NULL REFERENCES lot (id),
  agreement BYTEA NOT NULL,
  sha256 BYTEA NOT NULL,
  made_at BIGINT NOT NULL,
  dissolved_at BIGINT
);
CREATE INDEX consortium_by_tender ON consortium (tender, lot, id);

CREATE TABLE consortium_standing (code TEXT PRIMARY KEY);
INSERT INTO consortium_standing (code) VALUES ('invited'), ('accepted'), ('declined'), ('left');

-- member: a keyed hash of tender and company. position: 0 is the lead (牵头人). company and what follows are NULL until the bid is opened.
CREATE TABLE consortium_member (
  consortium BYTEA NOT NULL REFERENCES consortium (id),
  lot BYTEA NOT NULL REFERENCES lot (id),
  member BYTEA NOT NULL,
  position BIGINT NOT NULL,
  standing TEXT NOT NULL REFERENCES consortium_standing (code),
  acted_at BIGINT,
  company BYTEA,
  company_name TEXT,
  share BIGINT,
  work TEXT,
  PRIMARY KEY (consortium, member)
);
CREATE INDEX consortium_member_by_mark ON consortium_member (member, lot, consortium);
CREATE INDEX consortium_member_by_lot ON consortium_member (lot, consortium, position);
CREATE INDEX consortium_member_by_company ON consortium_member (company, consortium) WHERE company IS NOT NULL;

-- consortium: for which of them the lead has bid. void: why a bid that was opened cannot win (实施条例 art. 37), decided with the opening.
ALTER TABLE bid ADD COLUMN consortium BYTEA;
ALTER TABLE bid ADD COLUMN void TEXT;
CREATE INDEX bid_by_consortium ON bid (consortium, id) WHERE consortium IS NOT NULL;
