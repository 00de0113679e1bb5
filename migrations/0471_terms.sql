-- What a bid has to keep within. ceiling: CNY in fen; ceiling_shown: whether others read it before the opening. validity_days: for how many days
-- after the deadline bids bind, NULL where nothing is said. tie: which of equal bids comes first.
ALTER TABLE lot ADD COLUMN ceiling BIGINT;
ALTER TABLE lot ADD COLUMN ceiling_shown BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tender ADD COLUMN validity_days BIGINT;
ALTER TABLE tender ADD COLUMN tie TEXT NOT NULL DEFAULT 'shared';
