-- A company's own case is looked at again after a while (clause 3.2). recheck: what its people say of it while that goes on:
-- 'unchanged' or 'changed'; NULL otherwise.
ALTER TABLE verification_case ADD COLUMN recheck TEXT;

-- Companies that were approved before there were cases have one from now on, so that each has a day. Until it is given (a
-- routine does, with time to prepare), theirs holds without an end.
INSERT INTO verification_case
  (id, company, kind, holder, state, opened_at, on_register, decided_by, decided_at, accepted_at, version)
SELECT c.id, c.id, 'company', c.id, 'accepted', c.created_at, 1, c.decided_by, c.decided_at, c.decided_at, 1
FROM company c
WHERE c.state = 'approved' AND NOT EXISTS
  (SELECT 1 FROM verification_case v WHERE v.company = c.id AND v.kind = 'company' AND v.holder = c.id);
INSERT INTO verification_step (verification, step, state)
SELECT c.id, s.step, 'missing'
FROM company c JOIN verification_case v ON v.id = c.id
CROSS JOIN (SELECT 'licence' AS step UNION ALL SELECT 'letter') s;
CREATE INDEX verification_case_without_end ON verification_case (id)
WHERE kind = 'company' AND state = 'accepted' AND valid_until IS NULL;
