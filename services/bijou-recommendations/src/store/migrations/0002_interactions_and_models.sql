ALTER TABLE titles ADD COLUMN people TEXT;
CREATE TABLE interactions (
    profile_id TEXT NOT NULL,
    title_id TEXT NOT NULL,
    plays BIGINT NOT NULL,
    finished BIGINT NOT NULL,
    thumb BIGINT NOT NULL,
    synthetic BIGINT NOT NULL,
    last_ms BIGINT NOT NULL,
    PRIMARY KEY (profile_id, title_id)
);
CREATE TABLE erasures (
    profile_id TEXT NOT NULL PRIMARY KEY,
    erasure_id TEXT NOT NULL,
    removed BIGINT NOT NULL,
    erased_ms BIGINT NOT NULL,
    acknowledged BIGINT NOT NULL
);
CREATE TABLE impressions (
    profile_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    title_id TEXT NOT NULL,
    row_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    model_version TEXT NOT NULL
);
CREATE INDEX impressions_profile ON impressions (profile_id, at_ms);
CREATE INDEX impressions_at ON impressions (at_ms);
CREATE TABLE models (
    version TEXT NOT NULL PRIMARY KEY,
    made_ms BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    facts TEXT NOT NULL,
    is_active BIGINT NOT NULL,
    activated_ms BIGINT NOT NULL
);
CREATE TABLE secrets (name TEXT NOT NULL PRIMARY KEY, secret TEXT NOT NULL);
INSERT INTO revisions (name, revision) VALUES ('models', 0);
