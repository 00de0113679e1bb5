-- How the bids of a tender are evaluated where a committee does it (评标办法). A tender without a row is decided by its buyer.
-- seats: of the committee. price_weight and the criteria's weights are points; together they are 100. blind: 1 where evaluators
-- see neither names nor prices until all have signed.
CREATE TABLE evaluation_method (
  tender BYTEA PRIMARY KEY REFERENCES tender (id),
  seats BIGINT NOT NULL,
  price_weight BIGINT NOT NULL,
  blind BIGINT NOT NULL
);
CREATE TABLE criterion (
  tender BYTEA NOT NULL REFERENCES evaluation_method (tender),
  position BIGINT NOT NULL,
  title TEXT NOT NULL,
  weight BIGINT NOT NULL,
  PRIMARY KEY (tender, position)
);
