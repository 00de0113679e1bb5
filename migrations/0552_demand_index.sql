-- The index of demands follows these events.
CREATE INDEX event_demand ON event (seq) WHERE kind IN ('demand.published', 'demand.changed', 'demand.closed');
