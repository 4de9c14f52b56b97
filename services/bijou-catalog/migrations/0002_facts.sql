-- Counting reads this and leaves the documents alone, which are fifty times as wide.
CREATE INDEX titles_by_facts ON titles (id, kind, year, certification_age, playable);
