-- Whether a row names a file: the sweep asks each table for many names at once.
CREATE INDEX consortium_by_blob ON consortium (blob) WHERE blob IS NOT NULL;
CREATE INDEX qualified_document_by_blob ON qualified_document (blob);
CREATE INDEX qualified_file_by_blob ON qualified_file (blob);
CREATE INDEX demand_document_by_blob ON demand_document (blob);
CREATE INDEX amendment_file_by_blob ON amendment_file (blob);
CREATE INDEX data_export_by_blob ON data_export (blob) WHERE blob IS NOT NULL;
