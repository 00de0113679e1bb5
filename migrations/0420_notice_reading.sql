-- Whether budget and deadline were read by a program in the texts of the notice, since its source has no field for them.
-- NULL is no: rows of before are as their sources have them.
ALTER TABLE notice ADD COLUMN budget_read BIGINT;
ALTER TABLE notice ADD COLUMN deadline_read BIGINT;
