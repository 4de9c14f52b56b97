-- Lists walk the titles in their order until there are enough. With everything beside the order that a list can be
-- narrowed by, the walk never leaves the index: documents are read for the few titles that are shown.
DROP INDEX titles_by_added;
DROP INDEX titles_by_name;
DROP INDEX titles_by_year;
CREATE INDEX titles_by_added ON titles (added_ms, id, kind, year, certification_age, playable, is_limited);
CREATE INDEX titles_by_name ON titles (sort_name, id, kind, year, certification_age, playable, is_limited);
CREATE INDEX titles_by_year ON titles (year, id, kind, certification_age, playable, is_limited);
