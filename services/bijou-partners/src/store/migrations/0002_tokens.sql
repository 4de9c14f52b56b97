-- Tokens of the OAuth endpoint. They live for minutes; what is over goes when the next one is made.
CREATE TABLE tokens (
    -- SHA-256 in hex, as with keys.
    hash TEXT NOT NULL PRIMARY KEY,
    -- The secret it was given for: who revokes that means the tokens too.
    key_id TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
    -- Separated by spaces.
    scopes TEXT NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX tokens_by_end ON tokens (expires_ms);

-- Feeds used to come with the catalog.
UPDATE apps SET scopes = 'catalog feeds' WHERE scopes = 'catalog';
