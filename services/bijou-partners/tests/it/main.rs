//! Partners as others see it: over HTTP on a real chassis, on SQLite and PostgreSQL, with a stand-in for the catalog and a
//! receiver for webhooks.

#![expect(clippy::unwrap_used, reason = "tests")]

mod apps;
mod catalog;
mod contract;
mod deprecations;
mod devices;
mod feeds;
mod oauth;
mod quotas;
mod receiver;
mod shows;
mod webhooks;
mod world;
