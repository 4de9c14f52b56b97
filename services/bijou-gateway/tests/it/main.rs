//! The gateway on real sockets, between small clients and small origins.
#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

mod cross_origin;
mod explain;
mod faults;
mod filters;
mod forwarding;
mod framing;
mod limits;
mod pages;
mod reload;
mod stopping;
mod streaming;
mod tokens;
mod zones;
