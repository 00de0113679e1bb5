-- People who act for a company show that they are who they say (clause 2.5): its legal representative, and who bids for it. Such a
-- case's holder is the account.
INSERT INTO verification_kind (code) VALUES ('legal-representative'), ('authorised-bidder');

-- When what holds was accepted: a person who has left the company since and come back is not who was verified for it.
ALTER TABLE verification_case ADD COLUMN accepted_at BIGINT;
