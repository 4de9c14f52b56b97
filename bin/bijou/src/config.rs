//! Where settings come from for this process, and `bijou config check|print`.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use bijou_config::{ConfigError, Layered};
use serde::de::DeserializeOwned;

use crate::cli::{ConfigCommand, SettingsArgs};
use crate::{roles, terminal};

/// Every setting with its default.
const DEFAULTS: &str = include_str!("../../../config/bijou.toml");

/// What was asked cannot be; the text says what to ask instead.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct AskedWrongly(pub String);

/// A setting by flag: dotted path and value as text.
pub type Override = (String, String);

/// Defaults, files, environment, flags.
pub fn load(args: &SettingsArgs, more: &[Override]) -> Result<Layered, ConfigError> {
    let mut overrides = Vec::new();
    if let Some(dir) = &args.data {
        overrides.push(("data.dir".to_owned(), dir.display().to_string()));
    }
    if let Some(level) = &args.log {
        overrides.push(("log.level".to_owned(), level.clone()));
    }
    overrides.extend_from_slice(more);
    Layered::load(DEFAULTS, &args.config, bijou_config::process_environment(), &overrides)
}

pub fn run(args: &SettingsArgs, command: ConfigCommand) -> Result<()> {
    let settings = load(args, &[])?;
    match command {
        ConfigCommand::Check => {
            check(&settings)?;
            terminal::say("The configuration is good.");
        }
        ConfigCommand::Print => terminal::say(settings.print().trim_end()),
    }
    Ok(())
}

/// Reads every section as the type of its owner, so that a mistake is found before anything starts.
pub fn check(settings: &Layered) -> Result<(), ConfigError> {
    let mut faults = Vec::new();
    let sections = roles::SECTIONS.iter().map(|(section, accepts)| (*section, *accepts));
    for (section, accepts) in sections {
        if let Err(error) = accepts(settings, section) {
            faults.extend(error.faults);
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(ConfigError { faults }) }
}

/// For [`roles::SECTIONS`]: whether a section can be read as `T`.
pub fn accepts<T: DeserializeOwned>(settings: &Layered, section: &str) -> Result<(), ConfigError> {
    settings.section::<T>(section).map(drop)
}

/// A listening address out of the settings, such as `gateway.listen`.
pub fn address(settings: &Layered, path: &str) -> Result<SocketAddr> {
    settings.section::<SocketAddr>(path).with_context(|| format!("`{path}` is no address such as 127.0.0.1:8080"))
}

/// The environment variable that sets a path.
pub fn variable_name(path: &str) -> String {
    format!("{}{}", bijou_config::PREFIX, path.replace('.', "__").to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_accepted_by_every_owner() {
        let settings = Layered::from_defaults(DEFAULTS).expect("the compiled-in document");
        check(&settings).expect("defaults are good");
    }

    #[test]
    fn a_path_and_its_variable_say_the_same() {
        let variable = variable_name("catalog.limits.in_flight_max");
        assert_eq!(variable, "BIJOU_CATALOG__LIMITS__IN_FLIGHT_MAX");
        let settings = Layered::load(DEFAULTS, &[], [(variable, "7".to_owned())].into_iter(), &[]).expect("known");
        assert_eq!(settings.section::<u32>("catalog.limits.in_flight_max").expect("a number"), 7);
    }
}
