-- A company that buys shows that it does (需求方认证): until then the contacts of providers are closed to it (clause 2.4).
INSERT INTO verification_kind (code) VALUES ('demand-side');

-- valid_until: until when what was accepted holds; NULL while nothing does, and for what holds without an end. It outlasts the
-- re-check that was begun before it. remind_at: when its people are to be told next that it ends, or has ended.
ALTER TABLE verification_case ADD COLUMN valid_until BIGINT;
ALTER TABLE verification_case ADD COLUMN remind_at BIGINT;
CREATE INDEX verification_case_to_remind ON verification_case (remind_at, id) WHERE remind_at IS NOT NULL;
