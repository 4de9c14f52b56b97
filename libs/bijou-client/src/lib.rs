//! The outbound HTTP client: how one role calls another.
//!
//! `client.to("CATALOG").get("/v1/titles").context(&call).send_json::<Titles>()` finds the live instances in the
//! discovery snapshot, takes the better of two random ones, sends passport, deadline, request id and trace along, and
//! tries another instance where that is safe, within a retry budget. It talks plain HTTP/1.1 over hyper-util's pooled
//! client; everything above the connection is here.
//!
//! What may be repeated: a request that never left (no connection), and an idempotent one (by method, or by
//! [`RequestBuilder::idempotent`]) that timed out, broke off or was answered 502, 503 or 504. What may not: anything
//! else, whatever the caller would like. Every [`CallError`] says whose fault it is, whether repeating is safe and
//! whether anything was sent.
//!
//! An instance's breaker looks at whether it *answers*; error answers only make it less attractive to the choice of
//! two. Otherwise one broken route, or one missing dependency behind it, would shut off everything else it serves.
//!
//! Faults that the console puts in on purpose are acted out here, before anything is sent (`faults.rs`).
//!
//! [`Outside`] is the other way: one post to somebody who is not of the platform, by TLS, with nothing of ours.
//!
//! Deliberately absent inside: TLS, redirects, cookies, compression (there they cost more than they give), request
//! bodies that stream, and hedging (a later issue, once latencies are known).

mod attempt;
mod balance;
mod client;
mod context;
mod edges;
mod error;
mod faults;
mod keys;
mod outside;
mod request;
mod response;
mod settings;
mod transport;

pub use balance::InstanceReport;
pub use client::{Client, Target};
pub use context::{CallContext, Credentials};
pub use edges::EdgeReport;
pub use error::{CallError, Fault, Sent};
pub use faults::{
    FAULT_CODE, FaultEffect, FaultHits, FaultKind, FaultOrder, FaultPlace, FaultSheet, Faults, Spot, Strike,
};
pub use keys::RegistryKeys;
pub use outside::{Outside, OutsideAnswer, OutsideError};
pub use request::{RequestBuilder, segment};
pub use response::{Response, StreamResponse};
pub use settings::ClientConfig;
