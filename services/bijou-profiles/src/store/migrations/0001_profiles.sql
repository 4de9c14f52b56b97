CREATE TABLE profiles (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    avatar TEXT NOT NULL,
    language TEXT NOT NULL,
    -- Highest certification age; NULL: no ceiling.
    maturity BIGINT,
    kids BIGINT NOT NULL,
    -- A PHC string.
    pin_hash TEXT,
    -- JSON, see `Preferences`.
    preferences TEXT NOT NULL,
    -- JSON: ids of titles picked at the start.
    picks TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    -- Viewing until then was deleted: late reports of it do not bring it back.
    history_since_ms BIGINT NOT NULL,
    -- Moves with everything a page may show.
    shelf_version BIGINT NOT NULL
);
CREATE INDEX profiles_of_account ON profiles (account_id, created_ms);

CREATE TABLE pin_tries (
    profile_id TEXT NOT NULL PRIMARY KEY REFERENCES profiles (id) ON DELETE CASCADE,
    failed BIGINT NOT NULL,
    -- The next try counts from one again after this.
    until_ms BIGINT NOT NULL
);

-- Where somebody stopped; the newest by the player's own time.
CREATE TABLE positions (
    profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    playable_id TEXT NOT NULL,
    title_id TEXT NOT NULL,
    episode_id TEXT,
    position_ms BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    session TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (profile_id, playable_id)
);
CREATE INDEX positions_by_time ON positions (profile_id, at_ms);

-- One entry for each playable of a playback session. Nothing is taken out but by its owner.
CREATE TABLE history (
    id TEXT NOT NULL PRIMARY KEY,
    profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    session TEXT NOT NULL,
    playable_id TEXT NOT NULL,
    title_id TEXT NOT NULL,
    episode_id TEXT,
    started_ms BIGINT NOT NULL,
    last_ms BIGINT NOT NULL,
    position_ms BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    -- The session's newest report.
    seq BIGINT NOT NULL
);
CREATE UNIQUE INDEX history_of_session ON history (profile_id, session, playable_id);
CREATE INDEX history_by_time ON history (profile_id, started_ms, id);
CREATE INDEX history_by_title ON history (profile_id, title_id, last_ms);

-- Deleted entries whose players may still have reports of what was deleted: those make no new ones.
CREATE TABLE history_deleted (
    profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    session TEXT NOT NULL,
    playable_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (profile_id, session, playable_id)
);

-- Hidden from the row to go on with, until it is played again.
CREATE TABLE hidden (
    profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    title_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (profile_id, title_id)
);

-- What comes after an episode, as the catalog said. Shared by all profiles.
CREATE TABLE next_episodes (
    episode_id TEXT NOT NULL PRIMARY KEY,
    -- NULL: it is the last one.
    next_id TEXT,
    asked_ms BIGINT NOT NULL
);

CREATE TABLE list_items (
    profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    title_id TEXT NOT NULL,
    added_ms BIGINT NOT NULL,
    PRIMARY KEY (profile_id, title_id)
);
CREATE INDEX list_by_time ON list_items (profile_id, added_ms, title_id);

CREATE TABLE thumbs (
    profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    title_id TEXT NOT NULL,
    value TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (profile_id, title_id)
);
CREATE INDEX thumbs_by_time ON thumbs (profile_id, at_ms, title_id);

-- Deleted profiles: who has said that nothing is left.
CREATE TABLE erasures (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    profile_id TEXT NOT NULL,
    begun_ms BIGINT NOT NULL,
    -- Names of services, separated by spaces.
    expected TEXT NOT NULL
);
CREATE TABLE erasure_acknowledgements (
    erasure_id TEXT NOT NULL REFERENCES erasures (id) ON DELETE CASCADE,
    service TEXT NOT NULL,
    removed BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (erasure_id, service)
);

CREATE TABLE exports (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    profile_id TEXT NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
    begun_ms BIGINT NOT NULL,
    -- queued, running, ready, failed
    state TEXT NOT NULL,
    -- Until then it is the instance's that works on it.
    lease_until_ms BIGINT NOT NULL,
    parts_done BIGINT NOT NULL,
    -- The archive, base64.
    archive TEXT
);
CREATE INDEX exports_of_profile ON exports (profile_id, begun_ms);

CREATE TABLE secrets (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
