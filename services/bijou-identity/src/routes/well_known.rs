//! `/.well-known`: what anybody may know about this authorisation server.

pub(crate) mod jwks;
pub(crate) mod metadata;

/// Both documents change once in weeks, and a changed key set is published a day ahead: a minute of age is nothing.
const CACHE: &str = "public, max-age=60";
