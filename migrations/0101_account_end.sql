-- When an account's person was erased. The row stays, with nothing in it but ids: agreements, which are evidence, name it.
ALTER TABLE account ADD COLUMN ended_at BIGINT;
