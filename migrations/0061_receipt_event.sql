-- The event that names a receipt by its hash; NULL for receipts of before.
ALTER TABLE bid_receipt ADD COLUMN event BYTEA;
