-- What people opened of others, by time: for the auditor's report.
CREATE INDEX opening_by_people ON opening (at, id) WHERE opener_subject IS NOT NULL AND opener_role <> 'subject';
