//! The library against real databases: every test runs on a SQLite file and on a PostgreSQL server.

#![expect(clippy::unwrap_used, reason = "tests")]

mod errors;
mod migrations;
mod outbox;
mod transactions;
