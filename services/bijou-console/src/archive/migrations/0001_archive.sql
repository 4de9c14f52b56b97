-- One file of the archive. Rows are only added; the oldest file is removed as a whole.

CREATE TABLE spans (
    trace BLOB NOT NULL,
    body  TEXT NOT NULL
);
CREATE INDEX spans_by_trace ON spans (trace);

-- seq: microseconds since 1970 times 1024, and a number that tells lines of one microsecond apart. level: 0 trace to 4 error.
CREATE TABLE lines (
    seq     INTEGER PRIMARY KEY,
    level   INTEGER NOT NULL,
    role    TEXT NOT NULL,
    trace   BLOB,
    message TEXT NOT NULL,
    body    TEXT NOT NULL
);
CREATE INDEX lines_by_trace ON lines (trace) WHERE trace IS NOT NULL;
CREATE INDEX lines_by_role ON lines (role, seq);
CREATE INDEX lines_warned ON lines (seq) WHERE level >= 3;

-- The words of message and attributes; what they are words of stands in lines.
CREATE VIRTUAL TABLE line_text USING fts5 (text, content = '', columnsize = 0, tokenize = "unicode61 remove_diacritics 2");

CREATE TABLE requests (
    trace       BLOB NOT NULL UNIQUE,
    start_ns    BIGINT NOT NULL,
    request_id  TEXT,
    duration_us BIGINT NOT NULL,
    route       TEXT,
    status      BIGINT,
    outcome     TEXT NOT NULL,
    account     TEXT,
    revision    BIGINT NOT NULL,
    body        TEXT NOT NULL
);
CREATE INDEX requests_by_start ON requests (start_ns, trace);
CREATE INDEX requests_by_request_id ON requests (request_id) WHERE request_id IS NOT NULL;
