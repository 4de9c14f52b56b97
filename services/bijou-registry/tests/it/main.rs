//! The registry from outside: recorded exchanges, the watch, and how clients live through its restarts.

#![expect(clippy::unwrap_used, reason = "tests")]

mod access;
mod clients;
mod exchanges;
mod failing_over;
mod killed;
mod lists;
mod recordings;
mod role;
mod starting;
mod support;
mod tls;
mod watching;
mod zones;
