-- Calls of what is going away, by app, day (UTC) and operation; written now and then, kept for a month.
CREATE TABLE deprecated_calls (
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    operation TEXT NOT NULL,
    calls BIGINT NOT NULL,
    PRIMARY KEY (app_id, day, operation)
);
CREATE INDEX deprecated_calls_by_day ON deprecated_calls (day);
