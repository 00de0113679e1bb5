-- What is done now and then, by whichever process comes first once it is due.
CREATE TABLE chore (
  name TEXT PRIMARY KEY,
  due BIGINT NOT NULL
);
INSERT INTO chore (name, due) VALUES ('files.sweep', 0);

-- Whether a row names a file.
CREATE INDEX bid_by_blob ON bid (blob) WHERE blob IS NOT NULL;
CREATE INDEX bid_file_by_blob ON bid_file (blob);
CREATE INDEX tender_document_by_blob ON tender_document (blob);
