//! What a service is built with.

use std::path::PathBuf;
use std::sync::Arc;

use bijou_client::Client;
use bijou_config::{ConfigError, Layered};
use bijou_eureka::Discovery;
use bijou_passport::Signer;
use bijou_telemetry::Metrics;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use crate::settings::{self, RoleSettings};
use crate::{Announcement, Readiness};

/// The platform as one service sees it. Cheap to clone, so that it can be kept in a router's state.
#[derive(Debug, Clone)]
pub struct Context {
    /// The role in lower case.
    pub role: &'static str,
    /// `<host>:<role>:<slot>`.
    pub instance_id: Arc<str>,
    /// A writable folder shared by all roles on this machine.
    pub data_dir: PathBuf,
    /// Calls to other services.
    pub client: Client,
    /// Who else is there.
    pub discovery: Discovery,
    /// Signs passports for calls of this service's own.
    pub signer: Arc<Signer>,
    /// What this service waits for; one condition each.
    pub readiness: Readiness,
    /// Where the service's own metrics are registered.
    pub metrics: Metrics,
    /// What the registry says about this instance besides its address.
    pub announcement: Announcement,
    /// Cancelled when requests have finished and background work has to end.
    pub shutdown: CancellationToken,
    /// Cancelled when the stop begins: answers that go on for ever (server-sent events, long polls) have to end.
    pub draining: CancellationToken,
    /// Every setting of the process.
    pub settings: Layered,
}

impl Context {
    /// The service's own section of the configuration.
    pub fn config<T: DeserializeOwned>(&self) -> Result<T, ConfigError> {
        self.settings.section(self.role)
    }

    /// The database to use: what `<role>.database` says, or a SQLite file of the role's name in the data folder.
    pub fn database_url(&self) -> Result<String, ConfigError> {
        let role: RoleSettings = self.settings.section(self.role)?;
        Ok(settings::database_url(self.role, &self.data_dir, &role.database))
    }
}
