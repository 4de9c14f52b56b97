//! Rules on plain values: what a profile may be called, who may become whom and manage what, which report counts, what to
//! go on with.

pub(crate) mod admission;
pub(crate) mod cursor;
pub(crate) mod going_on;
pub(crate) mod household;
pub(crate) mod profile;
pub(crate) mod reports;
