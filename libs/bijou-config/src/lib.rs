//! Layered configuration: compiled-in defaults, files, environment, flags; unknown keys are errors.
//!
//! The defaults are a commented TOML document that holds *every* key, so it is at once the documentation, the schema
//! and the lowest layer: a key or type that is not in it is a mistake and is answered with file, line and the nearest
//! known name. All mistakes are reported together, before a socket opens. Two places are free-form and checked by the
//! section's own type instead: arrays (such as `[[gateway.routes]]`) and tables that are empty in the defaults.
//!
//! Only this crate reads the environment, and nothing ever writes it. Left out on purpose: watching files (who reloads
//! loads again and compares) and settings that appear only when another one is set.

mod environment;
mod error;
mod layer;
mod lines;
mod origin;
mod print;
mod suggest;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use toml::{Table, Value};

pub use environment::{PREFIX, process_environment, variable};
pub use error::{ConfigError, Fault};
pub use origin::Origin;
pub use print::Setting;

/// All settings of a process, each with where it came from.
#[derive(Debug, Clone)]
pub struct Layered {
    values: Table,
    /// By dotted path of each leaf that is not at its default.
    origins: BTreeMap<String, Origin>,
}

impl Layered {
    /// Puts the layers on top of each other, lowest first.
    ///
    /// `env` are variables as [`process_environment`] gives them; those not meant for settings are passed over.
    /// `overrides` are pairs of dotted path and value as text, from flags; the text is read as what the default is.
    pub fn load(
        defaults_toml: &str,
        files: &[PathBuf],
        env: impl Iterator<Item = (String, String)>,
        overrides: &[(String, String)],
    ) -> Result<Self, ConfigError> {
        let defaults = layer::parse(defaults_toml, &Origin::Default)?;
        let mut stack = layer::Stack::new(defaults);
        for path in files {
            stack.add_file(path);
        }
        for (name, text) in env {
            stack.add_variable(&name, &text);
        }
        for (path, text) in overrides {
            stack.add_text(path, text, Origin::Flag(path.clone()));
        }
        let (values, origins) = stack.finish()?;
        Ok(Self { values, origins })
    }

    /// The defaults alone: what tests start from.
    pub fn from_defaults(defaults_toml: &str) -> Result<Self, ConfigError> {
        Self::load(defaults_toml, &[], std::iter::empty(), &[])
    }

    /// The table at a dotted path, as the type of whoever owns it. The error names the setting and where it was set.
    pub fn section<T: DeserializeOwned>(&self, path: &str) -> Result<T, ConfigError> {
        // A section nobody wrote is an empty one: its type's own defaults decide.
        let value = self.get(path).cloned().unwrap_or_else(|| Value::Table(Table::new()));
        serde_path_to_error::deserialize(value).map_err(|error| {
            let inner = error.path().to_string();
            let full = if inner == "." { path.to_owned() } else { format!("{path}.{inner}") };
            let origin = self.origin(&full);
            Fault::Rejected { path: full, origin, reason: error.into_inner().message().to_owned() }.into()
        })
    }

    /// The value at a dotted path, `None` when there is none.
    pub fn get(&self, path: &str) -> Option<&Value> {
        layer::find(&self.values, path)
    }

    /// Where the value at a dotted path comes from; inside a free-form value, where that whole value comes from.
    pub fn origin(&self, path: &str) -> Origin {
        let mut at = path;
        loop {
            if let Some(origin) = self.origins.get(at) {
                return origin.clone();
            }
            match at.rfind(['.', '[']) {
                Some(end) => at = &at[..end],
                None => return Origin::Default,
            }
        }
    }

    /// Every value of a top-level section with its origin; secrets as stars.
    pub fn settings(&self, section: &str) -> Vec<Setting> {
        let Some(Value::Table(table)) = self.get(section) else { return Vec::new() };
        print::settings(section, table, &|path| self.origin(path))
    }

    /// Every value with its origin, as TOML; secrets as stars.
    pub fn print(&self) -> String {
        print::document(&self.values, |path| self.origin(path))
    }
}

#[cfg(test)]
mod tests;
