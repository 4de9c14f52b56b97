//! Every role there is: how it is run, and what its section of the configuration must look like.

use std::future::Future;
use std::pin::Pin;

use anyhow::{Context, Result};
use bijou_chassis::{Bootstrap, ChassisError};
use bijou_config::{ConfigError, Layered};
use bijou_telemetry::{LogSettings, TelemetrySettings};

use crate::config::{AskedWrongly, accepts};
use crate::{assets, terminal};

/// A role that can be run.
#[derive(Debug)]
pub struct Entry {
    pub name: &'static str,
    pub threads: Threads,
    pub run: fn(Bootstrap) -> Running,
    /// The role's REST contract; `None` for the registry (its contract is Eureka's) and the gateway (it merges others').
    pub openapi: Option<fn() -> utoipa::openapi::OpenApi>,
}

/// Who makes the threads that serve requests.
#[derive(Clone, Copy, Debug)]
pub enum Threads {
    /// The role itself, one current-thread runtime per core.
    Own,
    /// Tokio's work-stealing pool.
    Pool,
}

/// A role at work.
pub type Running = Pin<Box<dyn Future<Output = Result<(), ChassisError>> + Send>>;

/// In the order they are started. None depends on it: each starts alone and waits for what it needs.
pub const ROLES: &[Entry] = &[
    Entry {
        name: "registry",
        threads: Threads::Own,
        run: |bootstrap| Box::pin(bijou_registry::run(bootstrap)),
        openapi: None,
    },
    Entry {
        name: "console",
        threads: Threads::Pool,
        run: |bootstrap| {
            Box::pin(bijou_chassis::run(bootstrap, |context| bijou_console::service(context, assets::console)))
        },
        openapi: Some(bijou_console::openapi),
    },
    Entry {
        name: "identity",
        threads: Threads::Pool,
        run: |bootstrap| Box::pin(bijou_chassis::run(bootstrap, bijou_identity::service)),
        openapi: Some(bijou_identity::openapi),
    },
    Entry {
        name: "profiles",
        threads: Threads::Pool,
        run: |bootstrap| Box::pin(bijou_chassis::run(bootstrap, bijou_profiles::service)),
        openapi: Some(bijou_profiles::openapi),
    },
    Entry {
        name: "catalog",
        threads: Threads::Pool,
        run: |bootstrap| Box::pin(bijou_chassis::run(bootstrap, bijou_catalog::service)),
        openapi: Some(bijou_catalog::openapi),
    },
    Entry {
        name: "playback",
        threads: Threads::Pool,
        run: |bootstrap| Box::pin(bijou_chassis::run(bootstrap, bijou_playback::service)),
        openapi: Some(bijou_playback::openapi),
    },
    Entry {
        name: "recommendations",
        threads: Threads::Pool,
        run: |bootstrap| Box::pin(bijou_chassis::run(bootstrap, bijou_recommendations::service)),
        openapi: Some(bijou_recommendations::openapi),
    },
    Entry {
        name: "partners",
        threads: Threads::Pool,
        run: |bootstrap| Box::pin(bijou_chassis::run(bootstrap, bijou_partners::service)),
        openapi: Some(bijou_partners::openapi),
    },
    Entry {
        name: "gateway",
        threads: Threads::Own,
        run: |bootstrap| Box::pin(bijou_gateway::run(bootstrap, assets::viewer)),
        openapi: None,
    },
];

type Accepts = fn(&Layered, &str) -> Result<(), ConfigError>;

/// Sections and the types that read them.
pub const SECTIONS: &[(&str, Accepts)] = &[
    ("log", accepts::<LogSettings>),
    ("telemetry", accepts::<TelemetrySettings>),
    ("registry", accepts::<bijou_registry::Settings>),
    ("gateway", gateway),
    ("identity", identity),
    ("profiles", profiles),
    ("catalog", accepts::<bijou_catalog::Config>),
    ("recommendations", recommendations),
    ("playback", accepts::<bijou_playback::Config>),
    ("console", accepts::<bijou_console::Config>),
    ("partners", partners),
];

fn gateway(settings: &Layered, section: &str) -> Result<(), ConfigError> {
    let config: bijou_gateway::config::Config = settings.section(section)?;
    config.check().map_err(|mistake| rejected(settings, &format!("{section}.{}", mistake.setting), &mistake.reason))
}

fn identity(settings: &Layered, section: &str) -> Result<(), ConfigError> {
    let config: bijou_identity::Config = settings.section(section)?;
    config.check().map_err(|mistake| rejected(settings, section, &mistake.to_string()))
}

fn profiles(settings: &Layered, section: &str) -> Result<(), ConfigError> {
    let config: bijou_profiles::Config = settings.section(section)?;
    config.check().map_err(|mistake| rejected(settings, section, &mistake.to_string()))
}

fn recommendations(settings: &Layered, section: &str) -> Result<(), ConfigError> {
    let config: bijou_recommendations::Config = settings.section(section)?;
    config.check().map_err(|mistake| rejected(settings, section, &mistake.to_string()))
}

fn partners(settings: &Layered, section: &str) -> Result<(), ConfigError> {
    let config: bijou_partners::Config = settings.section(section)?;
    config.check().map_err(|mistake| rejected(settings, section, &mistake.to_string()))
}

fn rejected(settings: &Layered, path: &str, reason: &str) -> ConfigError {
    ConfigError::rejected(path, settings.origin(path), reason)
}

/// The role of this name.
pub fn find(name: &str) -> Result<&'static Entry, AskedWrongly> {
    ROLES.iter().find(|entry| entry.name == name).ok_or_else(|| {
        let known: Vec<_> = ROLES.iter().map(|entry| entry.name).collect();
        AskedWrongly(format!("there is no role `{name}`; there are {}", known.join(", ")))
    })
}

/// The console's second listener has a contract of its own.
const OPERATOR_OPENAPI: fn() -> utoipa::openapi::OpenApi = bijou_console::operator_openapi;
const CONSOLE_OPERATOR: &str = "console-operator";

/// `bijou openapi ROLE`.
pub fn print_openapi(name: &str) -> Result<()> {
    let document = if name == CONSOLE_OPERATOR { Some(OPERATOR_OPENAPI) } else { find(name)?.openapi };
    let document = document.ok_or_else(|| {
        AskedWrongly(format!("`{name}` has no document of its own: the gateway serves the merged one at /openapi.json"))
    })?;
    let text = document().to_pretty_json().context("failed to write the document as JSON")?;
    terminal::say(&text);
    Ok(())
}
