-- The security duty's readings of the use log (clause 3.3): one person's, or one day's visitors, each with a stated reason.

-- subject: whose key the entries lie under, the person's or the day's. Either an account, or a day since 1970. reason: the
-- person reads it beside each opening. Until ends_at the operator who asked may read; whoever needs longer asks again.
CREATE TABLE use_inquiry (
    id BYTEA PRIMARY KEY,
    subject BYTEA NOT NULL REFERENCES subject (id),
    account BYTEA,
    day BIGINT,
    reason TEXT NOT NULL,
    operator BYTEA NOT NULL,
    asked_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX use_inquiry_by_time ON use_inquiry (asked_at, id);

-- Which inquiry a request read with; the request stands in the record of its opening.
CREATE TABLE use_reading (
    request BYTEA PRIMARY KEY,
    inquiry BYTEA NOT NULL REFERENCES use_inquiry (id)
);
CREATE INDEX use_reading_by_inquiry ON use_reading (inquiry);
