-- The keyed hash of the phone or e-mail that a reset was asked for by, whether or not somebody has it: tries at its codes
-- count for that name. Null for resets that were asked for before; all are deleted after a day.
ALTER TABLE password_reset ADD COLUMN named BYTEA;
