//! Eureka from a client's side: the wire, a registration that stays alive, and a picture of who else is there.
//!
//! Three parts, used together or apart:
//! - the wire types and their JSON and XML codecs ([`Instance`], [`json`], [`xml`]): lenient in what they read, exact in
//!   what they write, shared with the registry so that both ends mean the same thing;
//! - [`Registration`]: one instance, registered, renewed, registered again whenever the registry forgot it;
//! - [`Discovery`]: a lock-free [`Snapshot`] of all instances, fed by the registry's watch (server-sent events) and by
//!   polling where there is no watch, kept over a registry restart.
//!
//! What connects to a registry is a [`Dial`]: TCP, or TLS by the files of [`tls::TlsFiles`].
//!
//! Deliberately absent: choosing an instance, breakers and retries (the callers' business). Of replication between
//! registries only the messages are here; who sends which is the registry's business.

mod borrowed;
#[cfg(test)]
mod codec_tests;
mod connection;
mod digests;
mod discovery;
mod hearsay;
#[cfg(test)]
mod hostile_tests;
mod instance;
pub mod json;
mod nodes;
mod packed;
mod registration;
mod registry_client;
mod report;
mod service_url;
mod snapshot;
pub mod sse;
pub mod tls;
mod view;
pub mod xml;

pub use borrowed::{DataCenterRef, Entries, InstanceRef};
pub use connection::{Dial, Dialing, Duplex, Tcp};
pub use digests::{DigestEntry, Digests};
pub use discovery::{Discovery, DiscoverySettings, SnapshotPublisher};
pub use hearsay::{HEARSAY, Hearsay};
pub use instance::{
    ActionType, Application, Applications, DataCenter, DataCenterName, Instance, LeaseInfo, Port, Status, UnknownStatus,
};
pub use packed::PackedInstance;
pub use registration::{Registration, RegistrationHandle, RegistrationState};
pub use registry_client::{RegistryClient, RegistryError, Watch};
pub use report::{
    ApplicationPreservation, LeaseReport, LeaseView, PeerView, PreservationView, RegionView, RestoredView,
};
pub use service_url::{ServiceUrl, ServiceUrlError};
pub use snapshot::{Endpoint, Snapshot};

/// Why a document could not be read. Says which member was at fault, so that a log line can.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The text is not JSON or not well-formed XML, or nests deeper than any Eureka document does.
    #[error("not a well-formed document: {reason}")]
    Malformed { reason: String },
    /// A member is there but cannot mean what its name says.
    #[error("`{field}` {reason}")]
    Field { field: &'static str, reason: String },
    /// The document's root is not the one asked for.
    #[error("expected `{expected}` as the root")]
    Root { expected: &'static str },
}
