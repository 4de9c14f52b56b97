//! Identity's rules on plain values: no HTTP, no SQL, no clock, no randomness of their own.

pub(crate) mod device;
pub(crate) mod email;
pub(crate) mod keys;
pub(crate) mod password;
pub(crate) mod refresh;
pub(crate) mod rights;
pub(crate) mod scope;
pub(crate) mod target;
pub(crate) mod user_code;
