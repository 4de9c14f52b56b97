-- What a session's tokens say when profiles cannot be asked: whose they are, and what they may see.
ALTER TABLE sessions ADD COLUMN client_id TEXT NOT NULL DEFAULT 'bijou-app';
ALTER TABLE sessions ADD COLUMN scopes TEXT NOT NULL DEFAULT 'viewer';
ALTER TABLE sessions ADD COLUMN profile_id TEXT;
ALTER TABLE sessions ADD COLUMN profile_name TEXT;
ALTER TABLE sessions ADD COLUMN kids BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN maturity BIGINT;
ALTER TABLE accounts ADD COLUMN signed_in_ms BIGINT;
UPDATE accounts SET signed_in_ms = created_ms;
