-- Why an operator declined or stopped it, in their words; NULL: they did not, or did not say.
ALTER TABLE apps ADD COLUMN reason TEXT;
