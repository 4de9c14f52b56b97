-- Profiles that are no more: none of them gets a session again, and profiles is told what went.
CREATE TABLE erasures (
    profile_id TEXT NOT NULL PRIMARY KEY,
    erasure_id TEXT NOT NULL,
    -- Sessions that named it.
    removed BIGINT NOT NULL,
    heard_ms BIGINT NOT NULL,
    -- When profiles knew that nothing is left; 0 until then.
    done_ms BIGINT NOT NULL
);
CREATE INDEX sessions_of_profile ON sessions (profile_id);
