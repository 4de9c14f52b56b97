CREATE TABLE device_codes (
    hash TEXT NOT NULL PRIMARY KEY,
    user_code TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL,
    scopes TEXT NOT NULL,
    device_name TEXT,
    address TEXT,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    interval_s BIGINT NOT NULL,
    polled_ms BIGINT,
    decision TEXT,
    account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    used_ms BIGINT
);
CREATE INDEX device_codes_by_end ON device_codes (expires_ms);
