//! The catalog as others see it: over HTTP on a real chassis, on SQLite and PostgreSQL.

#![expect(clippy::unwrap_used, reason = "tests")]

mod ceiling;
mod contract;
mod fixture;
mod following;
mod images;
mod import;
mod list;
mod offers;
mod search;
mod titles;
