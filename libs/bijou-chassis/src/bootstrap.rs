//! What a role is started with: who it is, what it was told, and when to stop.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use bijou_config::{ConfigError, Layered};
use bijou_eureka::Discovery;
use bijou_passport::KeySource;
use bijou_telemetry::{Role, TelemetrySettings};
use tokio_util::sync::CancellationToken;

use crate::{ChassisError, instance, settings};

/// The way to newer settings of the process: the files they come from, and how all layers are put together again.
pub struct Reload {
    pub files: Vec<PathBuf>,
    pub load: Box<dyn Fn() -> Result<Layered, ConfigError> + Send + Sync>,
}

/// Everything a role needs before it can start.
pub struct Bootstrap {
    /// The role in lower case; its application name in the registry is the same in capitals.
    pub role: &'static str,
    /// Which of several instances of the role on this machine: the same slot keeps the same instance id.
    pub slot: u16,
    /// Every setting of the process.
    pub settings: Layered,
    /// Cancelled to stop the role gracefully.
    pub shutdown: CancellationToken,
    /// Whether other roles share this process.
    pub one_process: bool,
    /// Whether somebody starts the role again when it ends.
    pub supervised: bool,
    /// `<host>:<role>:<slot>`.
    pub instance_id: String,
    /// Where the role keeps what must outlive it.
    pub data_dir: PathBuf,
    /// Who speaks in spans and log lines: threads of the role's runtime are bound to it by [`Role::bind_thread`].
    pub telemetry: Role,
    /// Version of this build.
    pub version: &'static str,
    /// How settings are read again, for roles that follow their changes.
    pub reload: Option<Reload>,
    pub(crate) keys: Option<Arc<dyn KeySource>>,
    pub(crate) discovery: Option<Discovery>,
    pub(crate) on_listening: Option<Box<dyn FnOnce(SocketAddr) + Send + Sync>>,
}

impl Bootstrap {
    /// Reads what every role needs from the settings. Nothing is opened yet.
    pub fn new(
        role: &'static str,
        slot: u16,
        settings: Layered,
        shutdown: CancellationToken,
    ) -> Result<Self, ChassisError> {
        let version = env!("CARGO_PKG_VERSION");
        let instance_id = instance::id(role, slot);
        let telemetry_settings: TelemetrySettings = settings.section("telemetry")?;
        Ok(Self {
            role,
            slot,
            data_dir: settings::data_dir(&settings)?,
            telemetry: Role::new(role, &instance_id, version, &telemetry_settings),
            settings,
            shutdown,
            one_process: false,
            supervised: false,
            instance_id,
            version,
            reload: None,
            keys: None,
            discovery: None,
            on_listening: None,
        })
    }

    /// Says how settings are read again.
    pub fn with_reload(mut self, reload: Reload) -> Self {
        self.reload = Some(reload);
        self
    }

    /// Says that other roles share this process.
    pub fn in_one_process(mut self) -> Self {
        self.one_process = true;
        self
    }

    /// Says that somebody starts the role again when it ends.
    pub fn under_a_supervisor(mut self) -> Self {
        self.supervised = true;
        self
    }

    /// Verifies passports with keys from elsewhere than the live instances in the registry: for tests.
    pub fn with_keys(mut self, keys: Arc<dyn KeySource>) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Finds others here instead of in the registry: for tests.
    pub fn with_discovery(mut self, discovery: Discovery) -> Self {
        self.discovery = Some(discovery);
        self
    }

    /// Calls back with the address once the listener is bound, before anything is served.
    pub fn on_listening(mut self, callback: impl FnOnce(SocketAddr) + Send + Sync + 'static) -> Self {
        self.on_listening = Some(Box::new(callback));
        self
    }

    /// Tells whoever asked by [`Bootstrap::on_listening`]. For roles that bind their own listeners; once is enough.
    pub fn listening(&mut self, addr: SocketAddr) {
        if let Some(callback) = self.on_listening.take() {
            callback(addr);
        }
    }

    /// The discovery it was given, `None` when it is to start its own. For roles that do without [`crate::run()`].
    pub fn discovery(&self) -> Option<Discovery> {
        self.discovery.clone()
    }

    /// The application name in the registry, and the audience of passports for this role.
    pub fn application(&self) -> String {
        self.role.to_ascii_uppercase()
    }

    /// `registry.url`, `None` when the role is to run without a registry.
    pub fn registry_url(&self) -> Result<Option<String>, ChassisError> {
        let url = settings::registry_url(&self.settings)?;
        Ok((!url.is_empty()).then_some(url))
    }
}

impl fmt::Debug for Bootstrap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bootstrap")
            .field("instance_id", &self.instance_id)
            .field("data_dir", &self.data_dir)
            .finish_non_exhaustive()
    }
}
