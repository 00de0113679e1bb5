-- When the evidence about who was erased ended too: agreements, consents, and which openings concerned them.
ALTER TABLE tombstone ADD COLUMN evidence_ended_at BIGINT;
CREATE INDEX tombstone_by_evidence ON tombstone (evidence_ended_at, at, subject);
