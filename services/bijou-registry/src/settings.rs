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
    pub limits: Limits,
    pub self_preservation: SelfPreservation,
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
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8761)),
            url: "http://127.0.0.1:8761/eureka".to_owned(),
            threads: 0,
            limits: Limits::default(),
            self_preservation: SelfPreservation::default(),
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
        SelfPreservation { enabled: true, instances_min: 10, gone_percent_max: 15 }
    }
}
