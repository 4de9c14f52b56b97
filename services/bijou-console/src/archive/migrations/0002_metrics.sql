-- Metrics, beside spans and lines: a point is written when it changed, and once a minute.
-- What is said of a metric as a whole. kind: counter, gauge or histogram.
CREATE TABLE families (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    unit TEXT NOT NULL,
    help TEXT NOT NULL
);

-- labels, bounds: JSON. The last bound is null: infinite.
CREATE TABLE series (
    id     INTEGER PRIMARY KEY,
    name   TEXT NOT NULL,
    labels TEXT NOT NULL,
    bounds TEXT NOT NULL,
    UNIQUE (name, labels)
);

-- counts: JSON, one for each bound. exemplar: JSON, value and trace.
CREATE TABLE points (
    series   BIGINT NOT NULL,
    at_s     BIGINT NOT NULL,
    value    DOUBLE PRECISION NOT NULL,
    counts   TEXT,
    exemplar TEXT,
    PRIMARY KEY (series, at_s)
) WITHOUT ROWID;
