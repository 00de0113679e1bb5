-- A company's bank account is confirmed by a reviewer on a paper of the bank's (clause 3.2). What an approval had found true until
-- then was not compared with one.
INSERT INTO verification_kind (code) VALUES ('bank-account');
UPDATE company_part SET state = 'filed', reviewed = 0 WHERE part = 'bank';
UPDATE company_fact SET reviewed_at = NULL WHERE part = 'bank';
