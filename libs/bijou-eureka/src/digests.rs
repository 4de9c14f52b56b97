//! How two Bijou registries find out cheaply where they differ: a number for each application, then the entries of the
//! applications whose numbers differ. Repairs travel as ordinary replication. A Java peer has none of this.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `GET {prefix}/digests`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digests {
    /// Names one life of the answering process: a registry that meets its own is talking to itself.
    pub node: String,
    /// It has just started and asks its own peers what they know.
    #[serde(default, rename = "asking", skip_serializing_if = "std::ops::Not::not")]
    pub is_asking: bool,
    /// Application to digest of all its entries.
    #[serde(default)]
    pub applications: BTreeMap<String, u64>,
    /// The entries of the applications that were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<DigestEntry>,
}

/// What matters of one entry when two registries compare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestEntry {
    pub app: String,
    pub id: String,
    /// The client's own version number.
    pub dirty_ms: u64,
    /// When the answering side's copy was registered, by the clock of who first took it.
    pub registered_ms: u64,
    /// What the client said, as one number.
    pub fingerprint: u64,
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overridden: Option<String>,
    /// When an operator last set or removed an override; 0 if never.
    #[serde(default)]
    pub overridden_ms: u64,
    /// How long ago the client was heard of, by the answering side's monotonic clock. Absent where the lease is over and
    /// kept all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_ms: Option<u64>,
    /// Whether the client speaks to the answering side itself.
    #[serde(default, rename = "first_hand", skip_serializing_if = "std::ops::Not::not")]
    pub is_first_hand: bool,
}
