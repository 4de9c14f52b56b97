//! Recommendations on real sockets, beside stand-ins for catalog, playback and profiles with real outboxes; on both databases.

mod ceiling;
mod contract;
mod degraded;
mod home;
mod instances;
mod kept;
mod looking;
mod models;
mod personal;
mod plays;
mod sources;
mod world;
