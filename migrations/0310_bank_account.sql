-- A company's bank account is confirmed by a reviewer on a paper of the bank's (clause 3.2).
INSERT INTO verification_kind (code) VALUES ('bank-account');
