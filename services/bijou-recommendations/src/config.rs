//! Section `[recommendations]`, besides what all roles have.

use std::time::Duration;

use serde::Deserialize;

/// The service's own settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Config {
    /// How long a client may use an answer without asking again, in seconds.
    pub fresh_s: u32,
    /// Language of names and genres, as the catalog is asked for them.
    pub language: String,
    /// How often all titles are compared with the catalog's, beside its events, in seconds.
    pub compare_s: u64,
}

/// A setting that makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("`recommendations.{key}`: {reason}")]
pub struct ConfigMistake {
    key: &'static str,
    reason: &'static str,
}

impl Config {
    /// Checks what types cannot say.
    pub fn check(&self) -> Result<(), ConfigMistake> {
        if self.compare_s < 10 {
            return Err(ConfigMistake { key: "compare_s", reason: "must be at least 10" });
        }
        Ok(())
    }

    pub(crate) fn compare_every(&self) -> Duration {
        Duration::from_secs(self.compare_s)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self { fresh_s: 5, language: "en".to_owned(), compare_s: 600 }
    }
}
