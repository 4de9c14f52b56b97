//! Where a setting's value comes from.

use std::fmt;
use std::path::PathBuf;

/// Where a setting's value comes from, for error messages and `config print`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The compiled-in document.
    Default,
    /// A configuration file, with the line when it could be found.
    File {
        /// As it was given.
        path: PathBuf,
        /// Counted from one.
        line: Option<usize>,
    },
    /// An environment variable, by name.
    Variable(String),
    /// A command line flag, by the path it sets.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line: Some(line) } => write!(f, "{}:{line}", path.display()),
            Self::File { path, line: None } => write!(f, "{}", path.display()),
            Self::Variable(name) => write!(f, "environment {name}"),
            Self::Flag(path) => write!(f, "flag for {path}"),
        }
    }
}
