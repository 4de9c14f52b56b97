-- Results of synthetic checks, forgotten after a week.
CREATE TABLE checks (
    -- Random: two consoles on one database may begin in the same millisecond.
    id TEXT NOT NULL PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    took_ms BIGINT NOT NULL,
    -- `schedule`, or who asked.
    by_whom TEXT NOT NULL,
    -- JSON: name, took_ms, problem and trace_id of each step in order.
    steps_json TEXT NOT NULL
);
CREATE INDEX checks_by_time ON checks (at_ms);
