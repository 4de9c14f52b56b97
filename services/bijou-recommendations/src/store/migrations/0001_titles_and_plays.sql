CREATE TABLE titles (
    id TEXT NOT NULL PRIMARY KEY,
    document TEXT NOT NULL
);
CREATE TABLE plays (
    title_id TEXT NOT NULL PRIMARY KEY,
    weight DOUBLE PRECISION NOT NULL,
    weight_at_ms BIGINT NOT NULL,
    people BIGINT NOT NULL
);
CREATE TABLE plays_by_day (
    title_id TEXT NOT NULL,
    day BIGINT NOT NULL,
    people BIGINT NOT NULL,
    synthetic BIGINT NOT NULL,
    PRIMARY KEY (title_id, day)
);
CREATE INDEX plays_by_day_day ON plays_by_day (day);
CREATE TABLE revisions (name TEXT NOT NULL PRIMARY KEY, revision BIGINT NOT NULL);
INSERT INTO revisions (name, revision) VALUES ('titles', 0), ('plays', 0);
