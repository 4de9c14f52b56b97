//! What every role can be told: the parts of the configuration that the chassis reads itself.
//!
//! The values here are the defaults of `config/bijou.toml` again, because tests start roles from a few lines of TOML.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bijou_config::{ConfigError, Layered};
use bijou_eureka::tls::{Secure, TlsFiles};
use bijou_eureka::{Dial, ServiceUrl, Tcp};
use serde::Deserialize;

use crate::ChassisError;

/// Section `[<role>]`, the part all roles have.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct RoleSettings {
    /// Where to listen; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Empty for a SQLite file in the data folder, else `sqlite:<path>` or `postgres://...`.
    pub database: String,
    /// Bounds.
    pub limits: Limits,
}

/// Section `[<role>.limits]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Requests worked on at the same time; more are answered 503.
    pub in_flight_max: usize,
    /// Longest request body, in bytes; a longer one is answered 413.
    pub body_bytes_max: usize,
    /// How long a request may take whose caller sends no deadline, in milliseconds.
    pub deadline_ms: u64,
}

impl Default for RoleSettings {
    fn default() -> Self {
        Self { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), database: String::new(), limits: Limits::default() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { in_flight_max: 256, body_bytes_max: 1 << 20, deadline_ms: 10_000 }
    }
}

/// Section `[stop]`: how long each step of a graceful stop may take.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct StopSettings {
    /// Time for callers to hear that this instance is gone, during which requests are still served.
    pub drain_ms: u64,
    /// Time for requests in flight to finish.
    pub finish_ms: u64,
    /// Time for background tasks to end.
    pub tasks_ms: u64,
}

impl Default for StopSettings {
    fn default() -> Self {
        Self { drain_ms: 250, finish_ms: 10_000, tasks_ms: 5_000 }
    }
}

impl StopSettings {
    pub(crate) fn drain(&self) -> Duration {
        Duration::from_millis(self.drain_ms)
    }

    pub(crate) fn finish(&self) -> Duration {
        Duration::from_millis(self.finish_ms)
    }

    pub(crate) fn tasks(&self) -> Duration {
        Duration::from_millis(self.tasks_ms)
    }
}

#[derive(Debug, Deserialize)]
#[serde(default)]
struct DataSettings {
    dir: PathBuf,
}

impl Default for DataSettings {
    fn default() -> Self {
        Self { dir: PathBuf::from("data") }
    }
}

#[derive(Debug, Deserialize)]
#[serde(default)]
struct RegistrySettings {
    url: String,
    zone: String,
    client: TlsFiles,
}

impl Default for RegistrySettings {
    fn default() -> Self {
        Self { url: "http://127.0.0.1:8761/eureka".to_owned(), zone: String::new(), client: TlsFiles::default() }
    }
}

/// `data.dir`.
pub(crate) fn data_dir(settings: &Layered) -> Result<PathBuf, ConfigError> {
    Ok(settings.section::<DataSettings>("data")?.dir)
}

/// `registry.url`; empty means that there is no registry.
pub(crate) fn registry_url(settings: &Layered) -> Result<String, ConfigError> {
    Ok(settings.section::<RegistrySettings>("registry")?.url)
}

/// What connects to `registry.url`: plain HTTP, or TLS with the files of `registry.client` where an address begins with
/// `https://`. Reads them.
pub fn registry_dial(settings: &Layered) -> Result<Arc<dyn Dial>, ChassisError> {
    let RegistrySettings { url, client, .. } = settings.section("registry")?;
    // No address is no registry, which is fine.
    let is_tls = !url.is_empty() && ServiceUrl::list(&url)?.iter().any(ServiceUrl::is_tls);
    if is_tls { Ok(Arc::new(Secure::new("registry.client", &client)?)) } else { Ok(Arc::new(Tcp)) }
}

/// `registry.zone`: where this process runs, if somebody says so.
pub(crate) fn zone(settings: &Layered) -> Result<Option<String>, ConfigError> {
    let zone = settings.section::<RegistrySettings>("registry")?.zone;
    Ok(Some(zone).filter(|zone| !zone.is_empty()))
}

/// The database a role uses: the one it is told, or a file of its name in the data folder.
pub(crate) fn database_url(role: &str, data_dir: &Path, configured: &str) -> String {
    if configured.is_empty() {
        return bijou_store::sqlite_url(&data_dir.join(format!("{role}.sqlite")));
    }
    configured.to_owned()
}
