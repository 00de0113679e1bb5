-- What the running program shows for its controls, measured again and again: see policy/controls.toml.
-- figures: JSON, names and whole numbers; never a count from which a sealed bid could be told.
CREATE TABLE control_evidence (
  id TEXT PRIMARY KEY,
  at BIGINT NOT NULL,
  holds BIGINT NOT NULL,
  figures TEXT NOT NULL
);
