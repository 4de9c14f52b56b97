//! How a Bijou registry explains itself at `GET {prefix}/leases`: every lease with its age, self-preservation with its
//! arithmetic, peers and regions with their lag. Not Eureka's; additions here break nobody.

use serde::{Deserialize, Serialize};

/// The leases of a Bijou registry at one moment: `GET {prefix}/leases`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LeaseReport {
    /// Names this life of the registry process.
    pub epoch: String,
    pub revision: u64,
    /// The registry's clock when it answered.
    pub now_ms: u64,
    pub self_preservation: PreservationView,
    /// What a restart brought back, while it is not confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<RestoredView>,
    /// Other registries this one replicates to.
    #[serde(default)]
    pub peers: Vec<PeerView>,
    /// Registries of other regions this one reads from.
    #[serde(default)]
    pub regions: Vec<RegionView>,
    pub leases: Vec<LeaseView>,
}

/// Leases that were read back from disk and have not been renewed yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RestoredView {
    /// As many as there were at the start.
    pub leases: usize,
    /// So many of them nobody has renewed yet.
    pub unconfirmed: usize,
    /// Each gets one lease from here on.
    pub since_ms: u64,
}

/// Another registry, as this one sees it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PeerView {
    /// Without credentials.
    pub url: String,
    /// `starting`, `up`, `down`, or `self` for an address that turned out to be our own.
    pub state: String,
    /// `bijou`, `eureka`, or empty while nothing was heard.
    pub kind: String,
    /// Instances with events that are not delivered yet.
    pub queued: usize,
    /// Age of the oldest of them.
    pub lag_ms: u64,
    pub sent: u64,
    /// Events given up: the peer refused them, or the queue was full. A comparison makes up for them.
    pub dropped: u64,
    /// Differences found by comparison, and repaired.
    pub repaired: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

/// A registry of another region, as this one sees it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RegionView {
    pub name: String,
    /// Without credentials.
    pub url: String,
    /// `starting` until it was read once, then `up` or `down`.
    pub state: String,
    pub instances: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

/// Whether, and by what arithmetic, expired leases are kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PreservationView {
    /// `off` by setting or below the minimum size, `watching`, `preserving`.
    pub state: String,
    pub instances: usize,
    /// Expired leases that are kept at this moment.
    pub expired_kept: usize,
    /// Leases evicted within the last minute.
    pub evicted_lately: usize,
    /// More than so many gone within a minute starts preservation.
    pub gone_max: usize,
    /// Below so many instances leases always end when they say.
    pub instances_min: usize,
    /// Renewals a minute that all instances together owe, by their own intervals.
    pub renewals_expected_per_minute: u64,
    /// Renewals that came in the last minute.
    pub renewals_last_minute: u64,
    /// The arithmetic in one sentence.
    #[serde(default)]
    pub explanation: String,
    /// Applications that lost instances lately or keep some beyond their lease, each judged by itself.
    #[serde(default)]
    pub applications: Vec<ApplicationPreservation>,
}

/// How self-preservation stands for one application.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApplicationPreservation {
    pub app: String,
    pub state: String,
    pub instances: usize,
    pub expired: usize,
    pub evicted_lately: usize,
    pub gone_max: usize,
    pub renewals_expected_per_minute: u64,
    pub renewals_last_minute: u64,
    /// When preservation began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_ms: Option<u64>,
    /// When it ends at the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<u64>,
    pub explanation: String,
}

/// One lease.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LeaseView {
    pub app: String,
    pub instance_id: String,
    pub host_name: String,
    pub ip_addr: String,
    pub port: i32,
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overridden_status: Option<String>,
    /// Why, in an operator's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    pub registered_ms: u64,
    pub renewed_ms: u64,
    pub renewal_interval_s: u32,
    pub duration_s: u32,
    /// Negative once the lease is over and the instance is kept by self-preservation.
    pub expires_in_ms: i64,
    /// Who renewed it last: `client`, `peer`, or `disk` after a restart.
    #[serde(default)]
    pub heard_from: String,
    #[serde(default)]
    pub metadata: std::collections::BTreeMap<String, String>,
}
