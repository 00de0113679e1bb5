-- The newest notices of a place or a category, without walking past all others. The kind comes along, so that it is
-- told from the index.
CREATE INDEX notice_by_province ON notice (province, published_at, id, kind);
CREATE INDEX notice_by_region ON notice (region, published_at, id, kind);
CREATE INDEX notice_by_category_group ON notice (category_group, published_at, id, kind);
CREATE INDEX notice_by_category ON notice (category, published_at, id, kind);
