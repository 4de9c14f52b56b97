//! Recommendations on real sockets, beside stand-ins for catalog and playback with real outboxes; on both databases.

mod contract;
mod degraded;
mod home;
mod instances;
mod plays;
mod sources;
mod world;
