-- Openings that wait for the log, or for their persons' rows, are in one index: a row that every opening writes less.
DROP INDEX opening_unlogged;
DROP INDEX opening_unfanned;
CREATE INDEX opening_waiting ON opening (at, id) WHERE logged IS NULL OR fanned = 0;
