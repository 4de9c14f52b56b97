//! The real executable as a black box: processes, signals, sockets, and the story over HTTP.
//!
//! Every platform has a data folder and ports of its own. They run one after the other: each is nine processes, and a
//! test that waits for a restart must not wait for another test's encoder.

#![expect(clippy::unwrap_used, reason = "tests")]

mod console;
mod direct;
mod errors;
mod faults;
mod household;
mod http;
mod kill;
mod load;
mod operator;
mod platform;
mod registry;
mod registry_tls;
mod stop;
mod story;
mod tools;
