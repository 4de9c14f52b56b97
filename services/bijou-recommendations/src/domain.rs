//! Rules on plain values: no HTTP, no SQL, no clock.

pub(crate) mod cursor;
pub(crate) mod page;
pub(crate) mod plays;
pub(crate) mod reason;
