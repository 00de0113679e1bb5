-- Lists of colleagues that an owner hands in as a spreadsheet. The file is not kept: of each row the address, sealed for the
-- invitation that it may become, and the duties; the cells of rows that could not be read, under the company's key.
-- account: who handed it in, then who confirmed it. round: which job carries it out. next_at: until when a limit makes it wait.
-- ends_at: when addresses and cells are forgotten; forgotten_at: when they were.
CREATE TABLE member_import_state (code TEXT PRIMARY KEY);
INSERT INTO member_import_state (code) VALUES ('ready'), ('running'), ('done'), ('stopped'), ('halted');

CREATE TABLE member_import_outcome (code TEXT PRIMARY KEY);
INSERT INTO member_import_outcome (code)
  VALUES ('waiting'), ('broken'), ('invited'), ('changed'), ('same'), ('refused'), ('left');

CREATE TABLE member_import (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL REFERENCES company (id),
  account BYTEA NOT NULL REFERENCES account (id),
  state TEXT NOT NULL REFERENCES member_import_state (code),
  locale TEXT NOT NULL,
  ignored BIGINT NOT NULL,
  round BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  confirmed_at BIGINT,
  next_at BIGINT,
  over_at BIGINT,
  reason TEXT,
  ends_at BIGINT NOT NULL,
  forgotten_at BIGINT
);
CREATE INDEX member_import_by_company ON member_import (company, created_at, id);
CREATE INDEX member_import_by_end ON member_import (ends_at, id);

-- number: as the spreadsheet counts its rows. invitation: the id that the row's invitation has, or would have. outcome: what has
-- become of it, written in the unit that did it. why: codes, with spaces between.
CREATE TABLE member_import_row (
  import BYTEA NOT NULL REFERENCES member_import (id),
  number BIGINT NOT NULL,
  invitation BYTEA NOT NULL,
  subject BYTEA,
  email BYTEA,
  email_index BYTEA,
  duties TEXT NOT NULL,
  outcome TEXT NOT NULL REFERENCES member_import_outcome (code),
  why TEXT NOT NULL,
  typed BYTEA,
  PRIMARY KEY (import, number)
);
CREATE INDEX member_import_row_by_outcome ON member_import_row (import, outcome, number);
CREATE INDEX member_import_row_by_subject ON member_import_row (subject, import, number);
