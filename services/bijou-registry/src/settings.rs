//! Section `[registry]`: everything the registry can be told.

use std::net::{Ipv4Addr, SocketAddr};

use serde::Deserialize;

/// The values here are the defaults of `config/bijou.toml` again, because tests start a registry from a few lines.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where to listen. Port 0 lets the system choose, which only tests want.
    pub listen: SocketAddr,
    /// Where other roles find the registry. Read by them, not here.
    pub url: String,
    /// Runtimes, one a thread. 0 for as many as there are cores.
    pub threads: usize,
    /// Whether leases are kept in the data folder, so that a restart forgets nobody.
    pub durable: bool,
    pub limits: Limits,
    pub self_preservation: SelfPreservation,
    pub peers: Peers,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Peers {
    /// Service URLs of other registries, Java's or ours. The own one may be among them.
    pub urls: Vec<String>,
    /// A service URL whose name leads to the addresses of all peers; empty for none.
    pub dns: String,
    /// Instances whose events may wait for one peer.
    pub queue_max: usize,
    /// How often registries of our kind are compared, in seconds.
    pub compare_s: u64,
    /// How long readers wait at the start for what the peers know.
    pub wait_ms: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Open connections, watches included; more wait to be accepted.
    pub connections_max: usize,
    /// Longest request body, before and after decompression.
    pub body_bytes_max: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SelfPreservation {
    pub enabled: bool,
    /// Below so many instances every lease ends when it says.
    pub instances_min: usize,
    /// Percentage of instances that may fall silent within a minute before expired leases are kept.
    pub gone_percent_max: u8,
    /// How long the silent instances of one application are kept at most, in seconds.
    pub keep_max_s: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8761)),
            url: "http://127.0.0.1:8761/eureka".to_owned(),
            threads: 0,
            durable: true,
            limits: Limits::default(),
            self_preservation: SelfPreservation::default(),
            peers: Peers::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits { connections_max: 12_000, body_bytes_max: 1 << 20 }
    }
}

impl Default for SelfPreservation {
    fn default() -> Self {
        SelfPreservation { enabled: true, instances_min: 10, gone_percent_max: 15, keep_max_s: 300 }
    }
}

impl Default for Peers {
    fn default() -> Self {
        Peers { urls: Vec::new(), dns: String::new(), queue_max: 20_000, compare_s: 15, wait_ms: 5_000 }
    }
}
