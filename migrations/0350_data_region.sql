-- Where a company's files lie: the data centre that it chose, by the name that the operator's configuration gives it.
-- What was stored before stays where its own row says.
ALTER TABLE company ADD COLUMN data_region TEXT NOT NULL DEFAULT 'default';

-- Every row that names a file says where it lies. Copies for persons belong to no company.
ALTER TABLE data_export ADD COLUMN region TEXT NOT NULL DEFAULT 'default';
