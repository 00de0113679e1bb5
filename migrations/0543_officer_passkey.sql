-- A key's secret half once more, as an age file for a passkey of its person's (PRF); hint: which passkey, as the browser is to be told. The file
-- under the passphrase stays: it is the way back when the passkey is lost.
ALTER TABLE officer_key ADD COLUMN wrapped BYTEA;
ALTER TABLE officer_key ADD COLUMN hint TEXT;
