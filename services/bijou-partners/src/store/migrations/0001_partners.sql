-- What a partner calls us with: a television, a launcher, a site.
CREATE TABLE apps (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- sandbox, requested, production, suspended
    stage TEXT NOT NULL,
    -- Separated by spaces.
    scopes TEXT NOT NULL,
    per_minute BIGINT NOT NULL,
    per_day BIGINT NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE INDEX apps_of_account ON apps (account_id, created_ms);

CREATE TABLE keys (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    -- sandbox or production
    environment TEXT NOT NULL,
    -- The first letters, to tell keys apart.
    hint TEXT NOT NULL,
    -- SHA-256 in hex. A key is 160 random bits: there is nothing to guess, so nothing to slow down.
    hash TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    -- NULL: until it is revoked.
    expires_ms BIGINT,
    revoked_ms BIGINT
);
CREATE UNIQUE INDEX keys_by_hash ON keys (hash);
CREATE INDEX keys_of_app ON keys (app_id, created_ms);

-- Calls of an app on a day (UTC), written now and then.
CREATE TABLE usage (
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    calls BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    PRIMARY KEY (app_id, day)
);

-- Titles as partners see them; one row for each that ever was. The change of one is its new number.
CREATE TABLE titles (
    id TEXT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    -- NULL: gone.
    document TEXT
);
CREATE UNIQUE INDEX titles_by_seq ON titles (seq);

-- Numbers of changes are given in commit order; `epoch` tells one store from another that took its place.
CREATE TABLE change_head (id BIGINT NOT NULL PRIMARY KEY, seq BIGINT NOT NULL, epoch TEXT NOT NULL);

CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    -- `whsec_...`: it signs, so it has to be readable.
    secret TEXT NOT NULL,
    -- Separated by spaces; empty: all.
    types TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    -- NULL: it works. Else since when nothing is sent because every try failed.
    disabled_ms BIGINT
);
CREATE INDEX webhooks_of_app ON webhooks (app_id, created_ms);

CREATE TABLE deliveries (
    id TEXT NOT NULL PRIMARY KEY,
    webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    -- `webhook-id`: the same for every try and every replay.
    message_id TEXT NOT NULL,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    -- waiting, delivered, failed
    state TEXT NOT NULL,
    tries BIGINT NOT NULL,
    next_ms BIGINT NOT NULL,
    -- The instance that is at it, until then.
    lease_until_ms BIGINT NOT NULL,
    -- What the last try came to: a status, or why there was none.
    outcome TEXT
);
CREATE INDEX deliveries_due ON deliveries (state, next_ms);
CREATE INDEX deliveries_of_webhook ON deliveries (webhook_id, created_ms);

-- Feeds as they were made last.
CREATE TABLE feeds (
    name TEXT NOT NULL,
    territory TEXT NOT NULL,
    items BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    made_ms BIGINT NOT NULL,
    added BIGINT NOT NULL,
    removed BIGINT NOT NULL,
    -- JSON: ids of its items, for the comparison with the next one.
    ids TEXT NOT NULL,
    document TEXT NOT NULL,
    -- Why the newest one was not taken; NULL: it was.
    refused TEXT,
    PRIMARY KEY (name, territory)
);
