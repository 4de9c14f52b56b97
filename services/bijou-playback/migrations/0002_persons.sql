-- Whose session it is, and its place among the account's streams.
ALTER TABLE playback_sessions ADD COLUMN profile_id TEXT NOT NULL DEFAULT '';
ALTER TABLE playback_sessions ADD COLUMN device_name TEXT NOT NULL DEFAULT '';
-- Of the title, when the session began.
ALTER TABLE playback_sessions ADD COLUMN certification_age BIGINT NOT NULL DEFAULT 0;
-- The place is held until then; 0 when it was given up.
ALTER TABLE playback_sessions ADD COLUMN lease_until_ms BIGINT NOT NULL DEFAULT 0;
-- Why it is over: '', taken-over, displaced, restricted, erased
ALTER TABLE playback_sessions ADD COLUMN closed TEXT NOT NULL DEFAULT '';
ALTER TABLE playback_sessions ADD COLUMN closed_ms BIGINT NOT NULL DEFAULT 0;
CREATE INDEX playback_sessions_account ON playback_sessions (account_id, closed);
CREATE INDEX playback_sessions_profile ON playback_sessions (profile_id);
CREATE INDEX playback_sessions_closed ON playback_sessions (closed_ms);
-- One row an account, whose lock puts the beginnings of its sessions into one order.
CREATE TABLE stream_accounts (
    account_id TEXT NOT NULL PRIMARY KEY,
    at_ms BIGINT NOT NULL
);
-- JSON: what the file itself said may be skipped; '' for nothing
ALTER TABLE assets ADD COLUMN marks TEXT NOT NULL DEFAULT '';
-- What an operator said of a film or episode; wins over the file.
CREATE TABLE marks (
    playable_id TEXT NOT NULL PRIMARY KEY,
    marks TEXT NOT NULL,
    updated_ms BIGINT NOT NULL
);
-- Profiles that are no more; kept for a day, in which a token of theirs may still be good.
CREATE TABLE erasures (
    profile_id TEXT NOT NULL PRIMARY KEY,
    erasure_id TEXT NOT NULL,
    -- Records that went so far.
    removed BIGINT NOT NULL,
    heard_ms BIGINT NOT NULL,
    -- When profiles knew that nothing is left; 0 until then.
    done_ms BIGINT NOT NULL
);
