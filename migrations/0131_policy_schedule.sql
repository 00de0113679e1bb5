-- From when which version of the policy is in force. Appended by the operator's desk; a change that has not taken effect
-- may be withdrawn. number: 1, 2, 3 … of each document.
-- material: it permits a use that the version before it does not, as computed when it was announced.
CREATE TABLE policy_schedule (
  number BIGINT PRIMARY KEY,
  version TEXT NOT NULL,
  material BIGINT NOT NULL,
  announced_at BIGINT NOT NULL,
  effective_at BIGINT NOT NULL,
  announced_by BYTEA,
  withdrawn_at BIGINT,
  withdrawn_by BYTEA
);

-- An installation whose people have agreed before there was a schedule has the version that they agreed to.
INSERT INTO policy_schedule (number, version, material, announced_at, effective_at)
SELECT 1, '2026-11', 0, first.at, first.at FROM (SELECT MIN(at) AS at FROM agreement) AS first WHERE first.at IS NOT NULL;

UPDATE subject SET accepted = '2026-11'
WHERE accepted IS NULL AND id IN (SELECT subject FROM agreement UNION SELECT subject FROM registration);
