-- The joint bidding agreement as it was signed on paper: a file that its lead attaches with the agreement, which has its name and its hash. It lies
-- sealed under the consortium's key, in the region where the tender's bids lie. NULL where there is none.
ALTER TABLE consortium ADD COLUMN region TEXT;
ALTER TABLE consortium ADD COLUMN blob TEXT;
