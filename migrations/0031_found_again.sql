-- A bidder's own bids are found by their keyed hashes; sign-in records are cleared by their end.
CREATE INDEX bid_by_bidder ON bid (bidder);
CREATE INDEX login_session_by_end ON login_session (expires_at, id);
