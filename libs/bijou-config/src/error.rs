//! What can be wrong with a configuration. Everything found is reported at once.

use std::fmt;

use crate::Origin;

/// One or more mistakes in the configuration; shown one a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// At least one.
    pub faults: Vec<Fault>,
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No default has this name.
    #[error("unknown setting `{path}` ({origin}){}", hint(.nearest.as_deref()))]
    Unknown {
        /// Dotted path as it was written.
        path: String,
        /// Where it was written.
        origin: Origin,
        /// The known setting it most resembles.
        nearest: Option<String>,
    },
    /// The value is of another type than the default.
    #[error("setting `{path}` must be {expected}, not {found} ({origin})")]
    WrongType {
        /// Dotted path.
        path: String,
        /// Where it was written.
        origin: Origin,
        /// The default's type.
        expected: &'static str,
        /// What was written.
        found: String,
    },
    /// The type that owns the section does not accept the value.
    #[error("setting `{path}` is not accepted ({origin}): {reason}")]
    Rejected {
        /// Dotted path.
        path: String,
        /// Where it was written.
        origin: Origin,
        /// The owner's words.
        reason: String,
    },
    /// The document is no TOML.
    #[error("cannot read the configuration ({origin}): {reason}")]
    Syntax {
        /// Which document.
        origin: Origin,
        /// The parser's words, with line and column.
        reason: String,
    },
    /// The file cannot be opened.
    #[error("cannot open the configuration file {origin}: {reason}")]
    Unreadable {
        /// Which file.
        origin: Origin,
        /// The system's words.
        reason: String,
    },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!(", did you mean `{nearest}`?")).unwrap_or_default()
}

impl ConfigError {
    /// For owners of a section that find a mistake only they can see.
    pub fn rejected(path: impl Into<String>, origin: Origin, reason: impl Into<String>) -> Self {
        Fault::Rejected { path: path.into(), origin, reason: reason.into() }.into()
    }
}

impl From<Fault> for ConfigError {
    fn from(fault: Fault) -> Self {
        Self { faults: vec![fault] }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
