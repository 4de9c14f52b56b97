//! Why a role could not start or stay up. Each says what to do.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::BoxError;

/// Why a role could not start or stay up.
#[derive(Debug, thiserror::Error)]
pub enum ChassisError {
    /// A setting is wrong; the text names it.
    #[error(transparent)]
    Config(#[from] bijou_config::ConfigError),
    /// Logging cannot be set up.
    #[error("failed to set up logging")]
    Telemetry(#[from] bijou_telemetry::TelemetryError),
    /// Somebody listens there already.
    #[error("address {addr} is in use: stop what listens there, or set `{setting}` to another one")]
    AddressInUse {
        /// The address asked for.
        addr: SocketAddr,
        /// Dotted path of the setting to change.
        setting: String,
    },
    /// The address cannot be listened on for another reason.
    #[error("cannot listen on {addr}")]
    Listen {
        /// The address asked for.
        addr: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The data folder cannot be made or written.
    #[error("data folder {path} is not writable: make it so, or set `data.dir` (BIJOU_DATA_DIR) to another one")]
    DataFolder {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// `registry.url` is no URL.
    #[error("`registry.url` is not a registry's address")]
    RegistryUrl(#[from] bijou_eureka::ServiceUrlError),
    /// A file of `registry.client` is wrong; the text below names it.
    #[error("the registry cannot be spoken to by TLS")]
    RegistryTls(#[from] bijou_eureka::tls::TlsError),
    /// The service's own start failed.
    #[error("`{role}` failed to start")]
    Build {
        /// Which role.
        role: &'static str,
        /// Why.
        #[source]
        source: BoxError,
    },
    /// A background task ended with an error or a panic.
    #[error("task `{task}` of `{role}` failed")]
    Task {
        /// Which role.
        role: &'static str,
        /// Which task.
        task: &'static str,
        /// Why.
        #[source]
        source: BoxError,
    },
}
