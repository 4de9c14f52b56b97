//! Section `[recommendations]`, besides what all roles have.

use std::time::Duration;

use serde::Deserialize;

use crate::model::training::Recipe;

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
    /// How long a page waits for what profiles knows of its reader, in milliseconds.
    pub shelf_ms: u64,
    /// How often `bijou up` makes a model, in seconds; 0 for never.
    pub train_every_s: u64,
    /// Most titles that learn from plays, by plays; the others enter by genres and people.
    pub items_max: usize,
    /// Weights kept of each title.
    pub weights_max: usize,
    /// How much a model distrusts what few did.
    pub lambda: f32,
    /// Memory that training may use.
    pub memory_bytes_max: u64,
    /// Threads that training may use; 0 for one per core.
    pub train_threads: usize,
    /// Models kept to go back to, the one in use included.
    pub models_kept_max: usize,
    /// Folder of the models; empty for one in the data folder. Instances that share a database share this one as well.
    pub models_dir: String,
    /// Empty for a file in the data folder; also read by the chassis.
    pub database: String,
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
        if !(self.lambda > 0.0 && self.lambda.is_finite()) {
            return Err(ConfigMistake { key: "lambda", reason: "must be a positive number" });
        }
        if self.items_max == 0 || self.weights_max == 0 {
            return Err(ConfigMistake { key: "items_max", reason: "and `weights_max` must be at least 1" });
        }
        if self.models_kept_max < 2 {
            return Err(ConfigMistake {
                key: "models_kept_max",
                reason: "must be at least 2, or there is no way back",
            });
        }
        Ok(())
    }

    pub(crate) fn recipe(&self) -> Recipe {
        Recipe {
            lambda: self.lambda,
            items_max: self.items_max,
            weights_max: self.weights_max,
            threads: self.train_threads,
        }
    }

    pub(crate) fn shelf_wait(&self) -> Duration {
        Duration::from_millis(self.shelf_ms)
    }

    pub(crate) fn compare_every(&self) -> Duration {
        Duration::from_secs(self.compare_s)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            fresh_s: 5,
            language: "en".to_owned(),
            compare_s: 600,
            shelf_ms: 150,
            train_every_s: 3_600,
            items_max: 10_000,
            weights_max: 200,
            lambda: 300.0,
            memory_bytes_max: 1 << 30,
            train_threads: 1,
            models_kept_max: 5,
            models_dir: String::new(),
            database: String::new(),
        }
    }
}
