//! The registry from outside: recorded exchanges, the watch, and how clients live through its restarts.

#![expect(clippy::unwrap_used, reason = "tests")]

mod clients;
mod exchanges;
mod killed;
mod role;
mod support;
mod watching;
