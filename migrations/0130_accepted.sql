-- The version of the privacy policy that a person has accepted last. It stands in the row that every opening compares.
-- None: they have no agreement with the platform, and nothing that rests on a contract is opened.
ALTER TABLE subject ADD COLUMN accepted TEXT;
