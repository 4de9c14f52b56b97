//! Discovery and registration against a registry that is told how to behave: absent, broken, silent, foreign.
//! (How they get on with the real one is tested beside it.)

#![expect(clippy::unwrap_used, reason = "tests")]

mod discovery;
mod registration;
mod scripted;
