-- One encode of one film or episode. Immutable once ready; files lie under its id in the media store.
CREATE TABLE assets (
    id TEXT NOT NULL PRIMARY KEY,
    title_id TEXT NOT NULL,
    episode_id TEXT NOT NULL,
    -- making, ready, retired, deleting
    state TEXT NOT NULL,
    -- Who makes it, while it is being made: leftovers of the dead are cleaned.
    job_id TEXT NOT NULL,
    duration_ms BIGINT NOT NULL,
    height_max BIGINT NOT NULL,
    attribution TEXT NOT NULL,
    -- JSON arrays of language tags
    audio_languages TEXT NOT NULL,
    -- JSON array of {language, name}
    subtitles TEXT NOT NULL,
    -- JSON array of file names, best first; emptied when the catalog has taken them
    stills TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    retired_ms BIGINT NOT NULL
);
CREATE INDEX assets_state ON assets (state);
-- The one pointer that publishes: what is played for a film or episode.
CREATE TABLE playables (
    playable_id TEXT NOT NULL PRIMARY KEY,
    title_id TEXT NOT NULL,
    episode_id TEXT NOT NULL,
    asset_id TEXT NOT NULL,
    published_ms BIGINT NOT NULL
);
CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY,
    playable_id TEXT NOT NULL,
    -- JSON: what to encode
    work TEXT NOT NULL,
    -- Smaller goes first.
    priority BIGINT NOT NULL,
    -- queued, running, done, failed
    state TEXT NOT NULL,
    owner TEXT NOT NULL,
    -- Running: until then without a word. Queued: not before.
    lease_until_ms BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    -- 0 to 1000
    progress BIGINT NOT NULL,
    error TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    updated_ms BIGINT NOT NULL
);
CREATE INDEX jobs_next ON jobs (state, priority, created_ms);
CREATE TABLE playback_sessions (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    asset_id TEXT NOT NULL,
    title_id TEXT NOT NULL,
    episode_id TEXT NOT NULL,
    duration_ms BIGINT NOT NULL,
    -- created, started, progress, stopped
    state TEXT NOT NULL,
    position_ms BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX playback_sessions_expiry ON playback_sessions (expires_ms);
CREATE TABLE token_keys (
    id TEXT NOT NULL PRIMARY KEY,
    -- base64url of 32 bytes
    secret TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE TABLE milestones (
    name TEXT NOT NULL PRIMARY KEY,
    at_ms BIGINT NOT NULL
);
