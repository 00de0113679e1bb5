-- A company's whole history, as of any day: what was decided on it, and who read it.

-- Every decision on a company, appended. verification: its case; none for what was decided before there were cases.
-- outcome: what came of it. reason: in words for the company's people; for steps that go back, each one's.
-- on_register: 1 when it was decided on what the public register says.
CREATE TABLE company_decision_outcome (code TEXT PRIMARY KEY);
INSERT INTO company_decision_outcome (code) VALUES ('accepted'), ('returned'), ('refused');
CREATE TABLE company_decision (
    id BYTEA PRIMARY KEY,
    company BYTEA NOT NULL REFERENCES company (id),
    verification BYTEA,
    outcome TEXT NOT NULL REFERENCES company_decision_outcome (code),
    reason TEXT NOT NULL,
    on_register BIGINT NOT NULL,
    by_account BYTEA,
    at BIGINT NOT NULL
);
CREATE INDEX company_decision_of ON company_decision (company, at, id);

-- The decisions that stood before this table: the last of each company, which is all that was kept.
INSERT INTO company_decision (id, company, verification, outcome, reason, on_register, by_account, at)
SELECT v.id, v.company, v.id, v.state, COALESCE(v.reason, ''), v.on_register, v.decided_by, v.decided_at
FROM verification_case v
WHERE v.decided_at IS NOT NULL AND v.state IN ('accepted', 'returned', 'refused');
INSERT INTO company_decision (id, company, verification, outcome, reason, on_register, by_account, at)
SELECT c.id, c.id, NULL, CASE WHEN c.state = 'approved' THEN 'accepted' ELSE 'refused' END, COALESCE(c.reason, ''), 1,
       c.decided_by, c.decided_at
FROM company c
WHERE c.decided_at IS NOT NULL AND c.state IN ('approved', 'refused')
  AND NOT EXISTS (SELECT 1 FROM company_decision d WHERE d.company = c.id);

-- What happened to a company and to who acts for it. Nothing that a bid or a tender leaves behind is among it.
CREATE INDEX event_of_company ON event (company, at, id) WHERE kind IN (
    'company.applied', 'company.approved', 'company.refused', 'company.closing', 'company.part-filed',
    'company.part-reviewed', 'verification.changed', 'people.changed', 'terms.accepted', 'consent.changed'
);

-- Why somebody of the operator reads a company's history, and until when they may on that.
CREATE TABLE history_purpose (code TEXT PRIMARY KEY);
INSERT INTO history_purpose (code) VALUES ('review'), ('complaint'), ('audit'), ('authority'), ('incident');
CREATE TABLE history_grant (
    id BYTEA PRIMARY KEY,
    company BYTEA NOT NULL REFERENCES company (id),
    account BYTEA NOT NULL REFERENCES account (id),
    duty TEXT NOT NULL REFERENCES operator_duty (code),
    purpose TEXT NOT NULL REFERENCES history_purpose (code),
    reason TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
CREATE INDEX history_grant_of_company ON history_grant (company, made_at, id);
CREATE INDEX history_grant_by_account ON history_grant (account, made_at, id);
CREATE INDEX history_grant_by_time ON history_grant (made_at, id);

-- Each time that it was read on a grant, noted before anything is shown. as_of: the instant that was asked for.
CREATE TABLE history_reading (
    id BYTEA PRIMARY KEY,
    history_grant BYTEA NOT NULL REFERENCES history_grant (id),
    as_of BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX history_reading_of ON history_reading (history_grant, at, id);
