-- document: the row of the identity document whose name and number were asked about, too; NULL where only the company was. Of a bidder
-- nothing of the company is asked, and representative names the same row.
ALTER TABLE verification_attestation ADD COLUMN document BYTEA;
