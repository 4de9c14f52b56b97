CREATE TABLE titles (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    year BIGINT NOT NULL,
    certification_age BIGINT NOT NULL,
    sort_name TEXT NOT NULL,
    added_ms BIGINT NOT NULL,
    playable BIGINT NOT NULL,
    playable_s DOUBLE PRECISION,
    document TEXT NOT NULL
);
CREATE INDEX titles_by_added ON titles (added_ms, id);
CREATE INDEX titles_by_name ON titles (sort_name, id);
CREATE INDEX titles_by_year ON titles (year, id);

CREATE TABLE title_genres (
    genre_id TEXT NOT NULL,
    title_id TEXT NOT NULL,
    PRIMARY KEY (genre_id, title_id)
);
CREATE INDEX title_genres_by_title ON title_genres (title_id);

CREATE TABLE genres (
    id TEXT NOT NULL PRIMARY KEY,
    names TEXT NOT NULL
);

CREATE TABLE people (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
);

CREATE TABLE title_people (
    person_id TEXT NOT NULL,
    title_id TEXT NOT NULL,
    PRIMARY KEY (person_id, title_id)
);
CREATE INDEX title_people_by_title ON title_people (title_id);

-- Where a season or an episode is to be found: in the document of which show.
CREATE TABLE parts (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    title_id TEXT NOT NULL
);
CREATE INDEX parts_by_title ON parts (title_id);

-- What playback says can be played; kept for titles that are not imported yet, too.
CREATE TABLE playables (
    title_id TEXT NOT NULL,
    episode_id TEXT NOT NULL,
    asset_id TEXT NOT NULL,
    duration_s DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (title_id, episode_id)
);

-- Real artwork, of titles and episodes. The picture is base64: one type of column for both engines, and all instances see it.
CREATE TABLE artwork (
    subject_id TEXT NOT NULL,
    role TEXT NOT NULL,
    hash TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    tint TEXT NOT NULL,
    jpeg_base64 TEXT NOT NULL,
    PRIMARY KEY (subject_id, role)
);

-- Keys that all instances share.
CREATE TABLE secrets (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
