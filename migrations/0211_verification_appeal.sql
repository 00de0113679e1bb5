-- An appeal against a refusal: what the company says, and when. Who refused does not decide again.
ALTER TABLE verification_case ADD COLUMN appeal TEXT;
ALTER TABLE verification_case ADD COLUMN appealed_at BIGINT;
