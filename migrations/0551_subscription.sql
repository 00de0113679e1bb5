-- Subscriptions to single notices: what each subscriber wants, sealed, and how far the rounds have come.

-- One row a subscriber, made when they first say what they want and gone when the function ends.
CREATE TABLE subscription (
    id BYTEA PRIMARY KEY,
    subject BYTEA NOT NULL UNIQUE,
    account BYTEA NOT NULL,
    followed BYTEA NOT NULL,
    changed_at BIGINT NOT NULL
);

-- One row. since: up to when notices have been told of. until: where the round that goes on ends, none between rounds. after: the last
-- subscriber who was left to a job in it.
CREATE TABLE subscription_round (
    id BIGINT PRIMARY KEY,
    since BIGINT NOT NULL,
    until BIGINT,
    after BYTEA
);
INSERT INTO subscription_round (id, since) VALUES (1, 0);
