-- Openings are found by time through their ids, which begin with it: one index less for every opening to wait for.
DROP INDEX opening_by_time;
