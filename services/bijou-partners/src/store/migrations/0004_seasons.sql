-- What is in a show: its seasons with their episodes, as JSON. NULL: not read yet, and on films.
ALTER TABLE titles ADD COLUMN seasons TEXT;

-- Whose season it is.
CREATE TABLE seasons (
    id TEXT NOT NULL PRIMARY KEY,
    title_id TEXT NOT NULL REFERENCES titles (id)
);
CREATE INDEX seasons_of_title ON seasons (title_id);
