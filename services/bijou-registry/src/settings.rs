//! Section `[registry]`: everything the registry can be told.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use bijou_eureka::tls::TlsFiles;
use serde::{Deserialize, Deserializer, de::Error as _};

/// The values here are the defaults of `config/bijou.toml` again, because tests start a registry from a few lines.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where to listen. Port 0 lets the system choose, which only tests want.
    pub listen: SocketAddr,
    /// Where other roles find the registry. Read by them, not here.
    pub url: String,
    /// The zone that roles started here are in. Read by them, not here.
    pub zone: String,
    /// TLS of those who look for the registry at `url`. Read by them, not here.
    pub client: TlsFiles,
    /// Runtimes, one a thread. 0 for one for every two cores.
    pub threads: usize,
    /// Whether leases are kept in the data folder, so that a restart forgets nobody.
    pub durable: bool,
    pub tls: Tls,
    pub limits: Limits,
    pub rate: Rate,
    pub access: Access,
    pub self_preservation: SelfPreservation,
    pub peers: Peers,
    /// Registries of other regions, read from here and never written to.
    pub regions: Vec<Region>,
    /// Whether an application that is not here is looked for in other regions by those who name none.
    pub regions_fallback: bool,
}

/// TLS: a listener of its own beside the plain one, and what is trusted where a peer's or a region's address is https.
/// All files are PEM.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// Where to listen by TLS. Empty: nowhere.
    #[serde(deserialize_with = "empty_is_none")]
    pub listen: Option<SocketAddr>,
    /// The own certificate with those between it and the authority, and its key. Shown to clients, and to peers that
    /// ask for one.
    pub certificate: PathBuf,
    pub key: PathBuf,
    /// Authorities whose certificates clients may show. Empty: none is asked for.
    pub client_ca: PathBuf,
    /// Whether clients without such a certificate are turned away.
    pub client_required: bool,
    /// Authorities that peers' and regions' certificates have to be from.
    pub ca: PathBuf,
}

/// A registry elsewhere.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// In lower case, such as `eu-west-1`: what clients ask for with `?regions=`.
    pub name: String,
    /// Its service URL.
    pub url: String,
    /// The applications taken from there; `*` at the end of one stands for any rest. None: all.
    #[serde(default)]
    pub apps: Vec<String>,
}

/// Who may do what. Nothing is allowed but what a rule allows.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Access {
    pub callers: Vec<Caller>,
    pub rules: Vec<AccessRule>,
}

/// Somebody who can show who they are.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Caller {
    pub name: String,
    /// The password of Basic, or the token of Bearer; or `sha256:` and its digest in hexadecimal, so that the secret
    /// itself stands nowhere.
    pub secret: String,
    /// The DNS name or URI in the client certificate that shows who they are, beside the secret or in place of it.
    pub certificate: String,
}

/// `callers` may do all of `may` with all of `apps`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessRule {
    /// Names; `anonymous` for those who show nothing, `*` for everybody.
    pub callers: Vec<String>,
    pub may: Vec<Right>,
    /// Names of applications in any case; `*` at the end stands for any rest.
    #[serde(default = "every_app")]
    pub apps: Vec<String>,
}

/// What a rule allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Lists, instances, the watch, leases.
    Read,
    /// Registering, renewing, cancelling, metadata.
    Register,
    /// Setting and removing a status override.
    Override,
    /// Speaking as another registry.
    Replicate,
}

/// Eureka's rate limits: how many lists are handed out a second before the answer is 503.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rate {
    /// Off: what would have been refused is only counted.
    pub enabled: bool,
    /// So many more may come at once.
    pub burst: u32,
    /// Lists of any kind a second, of all clients together.
    pub fetches_per_s: u32,
    /// Full lists a second, of all clients together.
    pub full_fetches_per_s: u32,
    /// Lists of any kind a second for one client. 0: no such limit.
    pub client_fetches_per_s: u32,
    /// Clients by their `DiscoveryIdentity-Name` that the common limits do not touch.
    pub exempt: Vec<String>,
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
    /// How long readers wait at most after a start for what the peers know, in milliseconds.
    pub wait_ms: u64,
    /// The same where leases were found on disk: readers miss little then.
    pub wait_restored_ms: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Open connections, watches included; more wait to be accepted.
    pub connections_max: usize,
    /// Longest request body, before and after decompression.
    pub body_bytes_max: usize,
    /// Names and values of an instance's metadata together.
    pub metadata_bytes_max: usize,
    /// Entries of an instance's metadata.
    pub metadata_entries_max: usize,
    /// Instances one application may have.
    pub instances_per_app_max: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SelfPreservation {
    pub enabled: bool,
    /// Below so many instances every lease ends when it says.
    pub instances_min: usize,
    /// Percentage of instances that may fall silent within a minute before expired leases are kept.
    pub gone_percent_max: u8,
    /// How long silent instances are kept at most, in seconds, unless they are half of the registry or more.
    pub keep_max_s: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8761)),
            url: "http://127.0.0.1:8761/eureka".to_owned(),
            zone: String::new(),
            client: TlsFiles::default(),
            threads: 0,
            durable: true,
            tls: Tls::default(),
            limits: Limits::default(),
            rate: Rate::default(),
            access: Access::default(),
            self_preservation: SelfPreservation::default(),
            peers: Peers::default(),
            regions: Vec::new(),
            regions_fallback: true,
        }
    }
}

impl Default for Access {
    /// Everybody may do everything, as with Eureka.
    fn default() -> Self {
        let may = vec![Right::Read, Right::Register, Right::Override, Right::Replicate];
        let everybody = AccessRule { callers: vec!["*".to_owned()], may, apps: every_app() };
        Access { callers: Vec::new(), rules: vec![everybody] }
    }
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Caller").field("name", &self.name).finish_non_exhaustive()
    }
}

fn empty_is_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(D::Error::custom) }
}

fn every_app() -> Vec<String> {
    vec!["*".to_owned()]
}

impl Default for Rate {
    /// Eureka's own numbers.
    fn default() -> Self {
        Rate {
            enabled: false,
            burst: 10,
            fetches_per_s: 500,
            full_fetches_per_s: 100,
            client_fetches_per_s: 0,
            exempt: ["DefaultClient", "DefaultServer"].map(str::to_owned).to_vec(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connections_max: 12_000,
            body_bytes_max: 1 << 20,
            metadata_bytes_max: 64 * 1024,
            metadata_entries_max: 256,
            instances_per_app_max: 20_000,
        }
    }
}

impl Default for SelfPreservation {
    fn default() -> Self {
        SelfPreservation { enabled: true, instances_min: 10, gone_percent_max: 15, keep_max_s: 300 }
    }
}

impl Default for Peers {
    fn default() -> Self {
        Peers {
            urls: Vec::new(),
            dns: String::new(),
            queue_max: 20_000,
            compare_s: 15,
            wait_ms: 30_000,
            wait_restored_ms: 3_000,
        }
    }
}
