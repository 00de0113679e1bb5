-- Exception cases (clause 5.4): one person's named fields are handed to an authority without consent, because a law says so.
-- Whom it is about stands here as ids only; what authority, document and law are is public business.

-- PIPL 13(1), items 2 to 7. There is no case without one.
CREATE TABLE exception_basis (
    code TEXT PRIMARY KEY
);
INSERT INTO exception_basis (code) VALUES
    ('contract'), ('hr'), ('legal-duty'), ('emergency'), ('news'), ('published'), ('other-law');

-- fields: ids of the policy's matrix, separated by blanks. silent_until and silent_law: until when the law forbids to tell the
-- person, and which law. openings: how often the vault opened on it; counted in the unit of the opening, so that a revocation
-- comes before it or after it.
CREATE TABLE exception_case (
    id BYTEA PRIMARY KEY,
    account BYTEA NOT NULL,
    subject BYTEA NOT NULL REFERENCES subject (id),
    fields TEXT NOT NULL,
    basis TEXT NOT NULL REFERENCES exception_basis (code),
    law TEXT NOT NULL,
    authority TEXT NOT NULL,
    document TEXT NOT NULL,
    document_hash TEXT NOT NULL,
    reason TEXT NOT NULL,
    applied_by BYTEA NOT NULL,
    applied_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    silent_until BIGINT,
    silent_law TEXT,
    approved_at BIGINT,
    revoked_at BIGINT,
    revoked_by BYTEA,
    openings BIGINT NOT NULL
);
CREATE INDEX exception_case_by_time ON exception_case (applied_at, id);

CREATE TABLE exception_approval (
    exception_case BYTEA NOT NULL REFERENCES exception_case (id),
    approver BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (exception_case, approver)
);

-- Which case an opening, or a refused attempt, was made with.
CREATE TABLE exception_opening (
    opening BYTEA PRIMARY KEY REFERENCES opening (id),
    exception_case BYTEA NOT NULL REFERENCES exception_case (id)
);
CREATE INDEX exception_opening_by_case ON exception_opening (exception_case);
CREATE INDEX opening_by_exception ON opening (at, id) WHERE purpose = 'exception';
