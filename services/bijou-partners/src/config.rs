//! Section `[partners]`, besides what all roles have.

use std::borrow::Cow;

use serde::Deserialize;

use crate::deprecation::{Announced, Deprecation};

/// The service's own settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Config {
    /// Where viewers reach the platform: the beginning of every link in feeds.
    pub public_url: String,
    /// The service's name in feeds.
    pub provider: String,
    /// Language of names and texts, BCP 47.
    pub language: String,
    /// What Apple calls the service in its feeds; empty until Apple has given it names.
    pub apple_team_id: String,
    pub apple_catalog_id: String,
    pub apple_service_id: String,
    /// Calls an app may make in a minute and a day at first.
    pub sandbox_per_minute: u32,
    pub sandbox_per_day: u32,
    pub production_per_minute: u32,
    pub production_per_day: u32,
    /// Apps of one account, keys of one app that work at a time, webhooks of one app.
    pub apps_max: u32,
    pub keys_max: u32,
    pub webhooks_max: u32,
    /// A feed that lost more than this share of its titles is not taken over, in percent.
    pub feed_shrink_percent_max: u8,
    /// A feed is made anew when it is asked for, at most this often, in seconds.
    pub feed_fresh_s: u32,
    /// Webhooks into private networks and without TLS: for tests, and where partners are in the same house.
    pub webhooks_private: bool,
    /// How long a webhook's receiver may take, in milliseconds.
    pub webhook_timeout_ms: u64,
    /// How often all titles are compared with the catalog's, beside its events, in seconds.
    pub compare_s: u64,
    /// What is going away.
    pub deprecations: Vec<Deprecation>,
}

/// A setting that makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("`partners.{key}`: {reason}")]
pub struct ConfigMistake {
    key: &'static str,
    reason: Cow<'static, str>,
}

impl Config {
    /// Checks what types cannot say.
    pub fn check(&self) -> Result<(), ConfigMistake> {
        let mistake = |key, reason: &'static str| Err(ConfigMistake { key, reason: reason.into() });
        if !(self.public_url.starts_with("http://") || self.public_url.starts_with("https://")) {
            return mistake("public_url", "must begin with http:// or https://");
        }
        if self.public_url.ends_with('/') {
            return mistake("public_url", "ends without a slash");
        }
        let quotas =
            [self.sandbox_per_minute, self.sandbox_per_day, self.production_per_minute, self.production_per_day];
        if quotas.contains(&0) {
            return mistake("sandbox_per_minute", "and the other quotas must be at least 1");
        }
        if self.feed_shrink_percent_max > 100 {
            return mistake("feed_shrink_percent_max", "is a share in percent, 0 to 100");
        }
        if self.compare_s < 10 {
            return mistake("compare_s", "must be at least 10");
        }
        self.announced().map(|_| ())
    }

    /// What is going away, by route.
    pub(crate) fn announced(&self) -> Result<Announced, ConfigMistake> {
        if self.deprecations.is_empty() {
            // Every role checks all settings when it starts; the document of all routes is long.
            return Ok(Announced::default());
        }
        let announced = Announced::of(&self.deprecations, &crate::openapi());
        announced.map_err(|reason| ConfigMistake { key: "deprecations", reason })
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".to_owned(),
            provider: "Bijou".to_owned(),
            language: "en".to_owned(),
            apple_team_id: String::new(),
            apple_catalog_id: String::new(),
            apple_service_id: String::new(),
            sandbox_per_minute: 60,
            sandbox_per_day: 5_000,
            production_per_minute: 600,
            production_per_day: 500_000,
            apps_max: 20,
            keys_max: 5,
            webhooks_max: 5,
            feed_shrink_percent_max: 20,
            feed_fresh_s: 60,
            webhooks_private: false,
            webhook_timeout_ms: 10_000,
            compare_s: 600,
            deprecations: Vec::new(),
        }
    }
}
