-- Where and when a title is offered; one without rows is offered everywhere and always (is_limited = 0). Open ends are the
-- ends of BIGINT. The documents say the same: these rows exist for filtering lists.
CREATE TABLE title_offers (
    title_id TEXT NOT NULL,
    territory TEXT NOT NULL,
    from_ms BIGINT NOT NULL,
    until_ms BIGINT NOT NULL
);
CREATE INDEX title_offers_by_title ON title_offers (title_id, territory, from_ms, until_ms);
ALTER TABLE titles ADD COLUMN is_limited BIGINT NOT NULL DEFAULT 0;
DROP INDEX titles_by_facts;
CREATE INDEX titles_by_facts ON titles (id, kind, year, certification_age, playable, is_limited);
