//! Section `[identity]`. The defaults are those of `config/bijou.toml` again, for tests that give only a few lines.

use serde::Deserialize;

use crate::domain::keys::Schedule;
use crate::operators::Operators;

/// An access token's life in seconds. Not a setting: the key schedule and every client rely on it being short.
pub const ACCESS_TOKEN_S: i64 = 600;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// The service's own settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Config {
    /// `iss` of access tokens, and the issuer in the metadata document.
    pub issuer: String,
    /// Country whose offers apply to everybody who signs in, ISO 3166-1 alpha-2; empty for none.
    pub territory: String,
    /// E-mail addresses of accounts that may ask for the scope `operator`.
    pub operators: Vec<String>,
    /// Password of the demo account; empty for none.
    pub demo_password: String,
    /// How long sign-ins last.
    pub sessions: Sessions,
    /// Rotation of signing keys.
    pub keys: Keys,
    /// The password hashing pool.
    pub hashing: Hashing,
    /// Limits on guessing passwords.
    pub guessing: Guesses,
    /// `client_id`s of apps that people sign in by a code.
    pub device_clients: Vec<String>,
    /// Programs that may sign in as themselves.
    pub clients: Vec<ClientEntry>,
}

/// `[identity.sessions]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Sessions {
    /// A session ends when it was not used for so many days,
    pub idle_days: i64,
    /// and in any case so many days after sign-in.
    pub lifetime_days: i64,
    /// How long a used refresh token still works, for clients whose answer was lost on the way.
    pub grace_s: i64,
    /// Whether cookies are only sent over TLS. On wherever the public address is `https`.
    pub cookie_secure: bool,
}

/// `[identity.keys]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Keys {
    /// How long one key signs.
    pub rotate_days: i64,
    /// How long before its use the next key is published.
    pub publish_ahead_h: i64,
}

/// `[identity.hashing]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Hashing {
    /// Passwords hashed at the same time, 19 MiB each; 0 for as many as there are cores.
    pub parallel_max: usize,
    /// Sign-ins that may wait for their turn; more are answered 503.
    pub queue_max: usize,
}

/// `[identity.guessing]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Guesses {
    /// Failures in the window for one account from one address.
    pub attempts_max: u32,
    /// Failures in the window for one account from anywhere.
    pub account_attempts_max: u32,
    /// Failures in the window from one address (IPv6: /64) for any account.
    pub address_attempts_max: u32,
    /// Devices that begin to wait for being signed in, in the window from one address.
    pub devices_max: u32,
    /// The window.
    pub window_s: u32,
    /// Whether addresses count at all; off for tests, which all come from one.
    pub by_address: bool,
}

/// `[[identity.clients]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientEntry {
    /// The client's name, `client_id`.
    pub id: String,
    /// Its secret, at least 32 characters of randomness.
    pub client_secret: String,
    /// Scopes it may ask for, the first being what it gets when it asks for none.
    pub scopes: Vec<String>,
}

/// A setting that makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("`identity.{key}`: {reason}")]
pub struct ConfigMistake {
    key: &'static str,
    reason: &'static str,
}

impl Config {
    /// Checks what types cannot say.
    pub fn check(&self) -> Result<(), ConfigMistake> {
        let mistake = |key, reason| Err(ConfigMistake { key, reason });
        if self.issuer.is_empty() {
            return mistake("issuer", "must not be empty");
        }
        let is_country = self.territory.len() == 2 && self.territory.bytes().all(|byte| byte.is_ascii_uppercase());
        if !self.territory.is_empty() && !is_country {
            return mistake("territory", "must be a country's two capital letters, or empty");
        }
        if Operators::new(&self.operators).is_err() {
            return mistake("operators", "must be e-mail addresses");
        }
        if self.sessions.idle_days < 1 || self.sessions.lifetime_days < self.sessions.idle_days {
            return mistake("sessions", "idle_days must be at least 1 and at most lifetime_days");
        }
        if !(0..=60).contains(&self.sessions.grace_s) {
            return mistake("sessions.grace_s", "must be 0 to 60");
        }
        // Verifiers keep a key set for minutes: an hour makes sure that all have seen the next key before its use.
        if self.keys.publish_ahead_h < 1 || self.keys.rotate_days * 24 <= self.keys.publish_ahead_h {
            return mistake("keys", "publish_ahead_h must be at least 1 and shorter than rotate_days");
        }
        let guesses = &self.guessing;
        let limits = [guesses.attempts_max, guesses.account_attempts_max, guesses.address_attempts_max];
        if limits.contains(&0) || guesses.devices_max == 0 || guesses.window_s == 0 {
            return mistake("guessing", "limits and window must be above zero");
        }
        if self.clients.iter().any(|client| client.client_secret.len() < 32) {
            return mistake("clients", "client_secret must have at least 32 characters");
        }
        if self.clients.iter().any(|client| client.id.is_empty() || client.scopes.is_empty()) {
            return mistake("clients", "each needs an id and at least one scope");
        }
        Ok(())
    }
}

impl Sessions {
    pub(crate) fn idle_ms(&self) -> i64 {
        self.idle_days * DAY_MS
    }

    pub(crate) fn lifetime_ms(&self) -> i64 {
        self.lifetime_days * DAY_MS
    }

    pub(crate) fn grace_ms(&self) -> i64 {
        self.grace_s * 1000
    }
}

impl Keys {
    pub(crate) fn schedule(&self) -> Schedule {
        Schedule {
            rotate_ms: self.rotate_days * DAY_MS,
            publish_ahead_ms: self.publish_ahead_h * HOUR_MS,
            // The last token a key signed lives ten minutes; the rest is for clocks and slow hands.
            overlap_ms: ACCESS_TOKEN_S * 1000 + HOUR_MS,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            issuer: "bijou".to_owned(),
            territory: String::new(),
            operators: Vec::new(),
            device_clients: vec!["bijou-tv".to_owned()],
            demo_password: String::new(),
            sessions: Sessions::default(),
            keys: Keys::default(),
            hashing: Hashing::default(),
            guessing: Guesses::default(),
            clients: Vec::new(),
        }
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle_days: 30, lifetime_days: 180, grace_s: 10, cookie_secure: false }
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self { rotate_days: 30, publish_ahead_h: 24 }
    }
}

impl Default for Hashing {
    fn default() -> Self {
        Self { parallel_max: 0, queue_max: 64 }
    }
}

impl Default for Guesses {
    fn default() -> Self {
        Self {
            attempts_max: 10,
            account_attempts_max: 50,
            address_attempts_max: 100,
            devices_max: 30,
            window_s: 600,
            by_address: true,
        }
    }
}
