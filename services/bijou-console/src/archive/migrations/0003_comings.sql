-- Who came and went: instances that started, stopped, were started anew, and versions that were new to their role.
-- body: JSON.
CREATE TABLE comings (
    at_ms BIGINT NOT NULL,
    body  TEXT NOT NULL
);
CREATE INDEX comings_by_time ON comings (at_ms);
