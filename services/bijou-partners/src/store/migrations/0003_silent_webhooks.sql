-- A receiver that does not answer rests as a whole, so that it costs its neighbours nothing.
-- NULL: it answered last time, or was never called.
ALTER TABLE webhooks ADD COLUMN silent_since_ms BIGINT;
ALTER TABLE webhooks ADD COLUMN silent_tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE webhooks ADD COLUMN resting_until_ms BIGINT NOT NULL DEFAULT 0;

CREATE INDEX deliveries_due_of_webhook ON deliveries (webhook_id, state, next_ms);
