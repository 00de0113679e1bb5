-- Files of final offers: sealed with the price in one envelope. A large envelope is a file itself, as a bid's is: region and blob then
-- say where it lies, and `envelope` is NULL.
ALTER TABLE final_offer ADD COLUMN region TEXT;
ALTER TABLE final_offer ADD COLUMN blob TEXT;
CREATE INDEX final_offer_by_blob ON final_offer (blob) WHERE blob IS NOT NULL;

-- With which envelope a file came: that of this final offer; of the bid itself where there is none.
ALTER TABLE bid_file ADD COLUMN final_offer BYTEA REFERENCES final_offer (id);
