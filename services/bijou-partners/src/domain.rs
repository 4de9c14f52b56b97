//! Rules on plain values: no HTTP, no SQL, no clock.

pub(crate) mod app;
pub(crate) mod cursor;
pub(crate) mod feeds;
pub(crate) mod fields;
pub(crate) mod key;
pub(crate) mod scope;
pub(crate) mod season;
pub(crate) mod target;
pub(crate) mod title;
pub(crate) mod webhook;
