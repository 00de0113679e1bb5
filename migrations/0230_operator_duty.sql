-- OperatorDuties of the operator's people: each says which pages of the desk they may use.

CREATE TABLE operator_duty (
    code TEXT PRIMARY KEY
);
INSERT INTO operator_duty (code) VALUES
    ('reviewer'), ('support'), ('risk'), ('security'), ('privacy'), ('auditor'), ('publisher'), ('administrator');

-- operator_duties: codes with blanks between them, as they hold now; read with every request. operator_until: from when on none of them
-- holds any more. post: what the post is called; no person's name.
ALTER TABLE account ADD COLUMN operator_duties TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN operator_until BIGINT;
ALTER TABLE account ADD COLUMN post TEXT NOT NULL DEFAULT '';

-- Who was of the operator goes on with what they did; an administrator and an auditor are appointed anew.
UPDATE account SET operator_duties = 'reviewer support risk security privacy publisher' WHERE operator = 1;

-- What was granted and taken, by whom (null: on the command line). Rows are only appended.
CREATE TABLE operator_duty_change (
    id BYTEA PRIMARY KEY,
    account BYTEA NOT NULL,
    duty TEXT NOT NULL REFERENCES operator_duty (code),
    granted BIGINT NOT NULL,
    by_account BYTEA,
    at BIGINT NOT NULL
);
CREATE INDEX operator_duty_change_by_account ON operator_duty_change (account, at, id);
CREATE INDEX operator_duty_change_by_time ON operator_duty_change (at, id);

-- An account of the operator's about to be made by whoever has the link. account, taken_at: once it was.
CREATE TABLE operator_invitation (
    id BYTEA PRIMARY KEY,
    title TEXT NOT NULL,
    duties TEXT NOT NULL,
    duties_until BIGINT,
    invited_by BYTEA NOT NULL,
    made_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    withdrawn_at BIGINT,
    account BYTEA,
    taken_at BIGINT
);
CREATE INDEX operator_invitation_by_time ON operator_invitation (made_at, id);
