-- Roles that did not answer, so that their part is not in the archive; separated by spaces.
ALTER TABLE exports ADD COLUMN missing TEXT NOT NULL DEFAULT '';
