//! Test support: services on real sockets with typed callers, databases of both engines, contract checks, waits.
//!
//! - [`TestService`] runs a service on the chassis, on a port of the system's choice and a data folder of its own, with
//!   the defaults of `config/bijou.toml`. Passports come from signers it knows: a gateway's and other services'.
//! - A [`User`] calls it: nobody, an anonymous visitor, an account, a service. Every answer is checked against the
//!   service's contract before the test sees it.
//! - [`databases`] gives an empty SQLite file and an empty PostgreSQL database.
//! - [`seed()`] begins the made-up data of a run.
//! - [`wait_for`] and [`wait_until`] wait for conditions, never for time.
//!
//! Dev-only. What is deliberately absent: a registry double (the real one is a crate), mocks of our own types.

pub mod contract;
mod database;
mod http_client;
mod passports;
mod postgres;
mod refusals;
mod seed;
mod service;
mod user;
mod wait;

pub use database::{TestDatabase, databases, postgres_database, sqlite_database};
pub use passports::Passports;
pub use refusals::assert_refuses_strangers;
pub use seed::seed;
pub use service::{TestService, TestServiceBuilder};
pub use user::{TestRequest, TestResponse, User};
pub use wait::{PATIENCE, wait_for, wait_until};
