-- What a provider chooses to show beside what the law wants public: versions, the newest of which is shown.
CREATE TABLE provider_profile (
  company BYTEA NOT NULL,
  version BIGINT NOT NULL,
  content TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  PRIMARY KEY (company, version)
);

-- A sole operator's public identity: a publication with a basis, which begins by their own act and ends.
CREATE TABLE provider_publication (
  id BYTEA PRIMARY KEY,
  company BYTEA NOT NULL,
  basis TEXT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT
);
CREATE INDEX provider_publication_of ON provider_publication (company, since);

-- The notice before closing down (E-commerce Law 16). One that was taken back has no row.
CREATE TABLE provider_closing (
  company BYTEA PRIMARY KEY,
  closes_on TEXT NOT NULL,
  announced_at BIGINT NOT NULL
);

-- The public page of each provider that has one, as it is shown: made anew in the unit that changes anything in it.
CREATE TABLE provider (
  company BYTEA PRIMARY KEY,
  content TEXT NOT NULL,
  listed_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);
CREATE INDEX event_provider ON event (seq) WHERE kind = 'provider.changed';
