//! SQL storage on SQLite and PostgreSQL through one set of queries; the outbox.
