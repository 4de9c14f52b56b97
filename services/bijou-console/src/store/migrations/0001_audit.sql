-- What operators changed. Rows are added and never touched again; each is chained to the one before by its hash.
CREATE TABLE audit (
    -- 1, 2, 3 ... without a gap.
    seq BIGINT NOT NULL PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    -- `token`, an e-mail address, `system:<part>`, or `nobody`.
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    -- JSON; NULL where there is nothing to show.
    before_json TEXT,
    after_json TEXT,
    reason TEXT,
    -- SHA-256 in hex: of the entry before, and of this one with it.
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_by_time ON audit (at_ms);
