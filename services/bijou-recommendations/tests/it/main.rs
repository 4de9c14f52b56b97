//! Recommendations on real sockets, beside stand-ins for catalog, playback and profiles with real outboxes; on both databases.

mod contract;
mod degraded;
mod home;
mod instances;
mod models;
mod personal;
mod plays;
mod sources;
mod world;
