-- What partners said of the app that asks: its name, and the only account it may sign in (NULL: anybody's).
ALTER TABLE device_codes ADD COLUMN client_name TEXT;
ALTER TABLE device_codes ADD COLUMN only_account_id TEXT;
