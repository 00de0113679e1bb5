-- The weekly digest: what each of its readers follows, sealed, and how far this week's mailing has come.

-- One row a reader, made when they first say what they follow and gone when the function ends. id: the row's own, which
-- the link at the end of a mail names; a new consent is a new row.
CREATE TABLE digest (
    id BYTEA PRIMARY KEY,
    subject BYTEA NOT NULL UNIQUE,
    account BYTEA NOT NULL,
    followed BYTEA NOT NULL,
    changed_at BIGINT NOT NULL
);

-- One row. due_at: when the next digests go out; 0 before the first start. since: where those of the last time ended.
-- after: the last reader whose mail has been left to a job this time; none when all have been.
CREATE TABLE digest_week (
    id BIGINT PRIMARY KEY,
    due_at BIGINT NOT NULL,
    since BIGINT NOT NULL,
    after BYTEA
);
INSERT INTO digest_week (id, due_at, since) VALUES (1, 0, 0);

-- What has come since an instant, told from the index alone: a digest reads a week, not the whole table.
CREATE INDEX notice_by_arrival ON notice (created_at, category_group, category, province, published_at, id);
