-- One verified person who acts for several bidders of a lot: told by a keyed hash of the number of their identity document.
INSERT INTO risk_signal_kind (code) VALUES ('same-person');
