//! The `[gateway]` section: what may be set, what is checked, and what it means.
//!
//! Everything here is plain data that was checked in full: a configuration that got through [`Config::check`] can be put
//! to use without another look. Routes are compiled in [`crate::routes`].

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use bijou_config::{ConfigError, Layered};
use serde::Deserialize;

use crate::framing::HeadLimits;
use crate::routes::RouteTable;
use crate::stats::Stats;

/// Section `[gateway]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where people and programs come in.
    pub listen: SocketAddr,
    /// Where operators' tools come in: metrics, timelines, routes. Port 0 lets the system choose.
    pub admin_listen: SocketAddr,
    /// Where this gateway runs: instances of the same zone are preferred while they can carry it. Empty: that of
    /// `registry.zone`, no preference where that is empty too.
    pub zone: String,
    /// Threads that carry requests; 0 means one per core.
    pub workers: usize,
    /// Roles that `/readyz` waits for, beside routes and a first picture of the registry.
    pub ready_roles: Vec<String>,
    /// Country whose offers apply to requests whose token names none, ISO 3166-1 alpha-2. Empty: none.
    pub territory: String,
    /// Off in tests, where every client is 127.0.0.1.
    pub rate_limiting: bool,
    /// Which requests are logged.
    pub access_log: AccessLog,
    /// Finished requests kept for a look at `/requests`, over all workers.
    pub timelines_max: usize,
    pub limits: Limits,
    pub timeouts: Timeouts,
    pub retries: Retries,
    pub upstream: Upstream,
    pub compression: Compression,
    pub tokens: Tokens,
    /// Limits that routes refer to by name.
    pub rate_limits: Vec<RateLimit>,
    /// Who answers what, the longest matching prefix first.
    pub routes: Vec<RouteConfig>,
}

/// Which requests get a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccessLog {
    Off,
    /// Those the gateway or an origin failed.
    Failures,
    All,
}

/// How much one client may ask for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub head_bytes_max: usize,
    pub head_fields_max: usize,
    pub target_bytes_max: usize,
    /// Unless the route says otherwise.
    pub body_bytes_max: u64,
    /// Open client connections over all workers; beyond it new ones wait in the kernel's queue.
    pub connections_max: usize,
    /// Requests being carried at one time over all workers; beyond it they are refused with 503.
    pub in_flight_max: usize,
    /// Streams of one HTTP/2 connection.
    pub h2_streams_max: u32,
}

/// How long things may take, in milliseconds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timeouts {
    /// From a head's first byte to its last; also from accepting a connection to its first byte.
    pub head_ms: u64,
    /// A kept-alive connection without a request.
    pub idle_ms: u64,
    /// A request body that makes no progress.
    pub body_stall_ms: u64,
    /// A client that takes nothing of what is sent.
    pub write_stall_ms: u64,
    /// Connecting to an instance.
    pub connect_ms: u64,
    /// All attempts of one request together, until the answer's head; routes may say otherwise.
    pub request_ms: u64,
    /// One attempt; routes may say otherwise.
    pub attempt_ms: u64,
    /// An answer's body that makes no progress; not for server-sent events and WebSockets.
    pub stream_stall_ms: u64,
    /// Server-sent events and WebSockets without a byte in either direction.
    pub stream_idle_ms: u64,
    /// How long a stop waits for requests being carried.
    pub drain_ms: u64,
}

/// When an attempt is repeated elsewhere.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retries {
    /// Attempts of one request, the first included.
    pub attempts_max: u32,
    /// Retries per request over the last ten seconds and worker.
    pub budget_share: f64,
    /// Retries per second and worker that are always allowed.
    pub budget_floor_per_s: u32,
}

/// Connections to instances.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    /// Kept open per instance and worker.
    pub idle_max: usize,
    pub idle_ms: u64,
    /// Requests waiting for one application's answer at a time, over all workers.
    pub in_flight_max: usize,
}

/// Compression of answers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compression {
    pub enabled: bool,
    /// Smaller bodies of known length are sent as they are.
    pub bytes_min: u64,
    /// 1 to 9.
    pub gzip_level: u32,
    /// 0 to 11; above 6 it costs more time than it saves on the way.
    pub brotli_quality: u32,
    /// 1 to 19; above 9 it costs more time than it saves on the way.
    pub zstd_level: u32,
}

/// Access tokens.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tokens {
    /// Application whose key set is believed.
    pub application: String,
    /// Where each of its instances publishes the key set.
    pub keys_path: String,
    /// What `aud` must contain.
    pub audience: String,
    /// What `iss` must be; empty accepts any issuer whose key is in the set.
    pub issuer: String,
    /// How often the key set is fetched without a reason.
    pub refresh_ms: u64,
    /// Verified tokens remembered per worker.
    pub cached_max: usize,
}

/// One limit by name: `[[gateway.rate_limits]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// What routes call it, and what clients read in `RateLimit-Policy`.
    pub name: String,
    pub requests: NonZeroU32,
    pub per_ms: u64,
    /// What is counted.
    pub key: RateKey,
}

/// Whose requests a limit counts together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RateKey {
    /// The client's address (its /64 network for IPv6).
    Address,
    /// The signed-in account, the address of those who are not.
    Account,
}

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Everybody. A token that is sent is checked all the same.
    Public,
    /// Whoever has a valid token of an account.
    SignedIn,
    /// Accounts with the scope `operator`.
    Operator,
    /// Clients with the scope `partner`.
    Partner,
}

/// One route: `[[gateway.routes]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteConfig {
    /// Name in metrics, logs and on the operator's page.
    pub id: String,
    /// Hosts, without port; `*.example.org` covers all below. None means any.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Path prefixes, matched by whole segments: `/v1/titles` covers `/v1/titles/x`, not `/v1/titlesque`.
    pub paths: Vec<String>,
    /// Methods; none means any.
    #[serde(default)]
    pub methods: Vec<String>,
    /// Application that answers, as named in the registry.
    #[serde(default)]
    pub app: Option<String>,
    /// Instances by address, for services that do not register: `http://127.0.0.1:9000`. In place of `app`.
    #[serde(default)]
    pub urls: Vec<String>,
    #[serde(default = "public")]
    pub access: Access,
    /// Scopes a token must have, beyond what `access` says.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// `check` (a token that is sent must be valid), `ignore` (for paths that get a new one), or `share` (identity's are
    /// checked, the application's own are passed on).
    #[serde(default)]
    pub token: TokenUse,
    /// Applications the answering one calls on behalf of the caller: they are put into the passport's audience.
    #[serde(default)]
    pub calls: Vec<String>,
    /// Name of a rate limit.
    #[serde(default)]
    pub rate_limit: Option<String>,
    /// Asked before every request: `http://host:port/path`, or `APPLICATION/path`.
    #[serde(default)]
    pub authorizer: Option<String>,
    /// Whether requests pass when the authoriser cannot be asked.
    #[serde(default)]
    pub authorizer_optional: bool,
    #[serde(default)]
    pub timeout_ms: Option<u64>,
    #[serde(default)]
    pub attempt_ms: Option<u64>,
    #[serde(default)]
    pub body_bytes_max: Option<u64>,
    /// Whether failed attempts of idempotent requests are repeated elsewhere.
    #[serde(default = "yes")]
    pub retry: bool,
    #[serde(default = "yes")]
    pub compress: bool,
    /// Whether pages of other origins may call it from a browser, without cookies.
    #[serde(default)]
    pub cross_origin: bool,
}

/// What happens to a bearer token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenUse {
    #[default]
    Check,
    Ignore,
    /// The application hands out tokens of its own, which are opaque: what has no dot in it never was a token of
    /// identity's and is passed on.
    Share,
}

fn public() -> Access {
    Access::Public
}

fn yes() -> bool {
    true
}

/// A setting that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`gateway.{setting}` {reason}")]
pub struct InvalidConfig {
    /// Path below `gateway`.
    pub setting: String,
    pub reason: String,
}

impl Config {
    /// The section `[gateway]`, with the zone that the platform's registry settings name unless it names its own.
    pub fn of(settings: &Layered) -> Result<Self, ConfigError> {
        let mut config: Self = settings.section("gateway")?;
        if config.zone.is_empty() {
            config.zone = settings.section("registry.zone")?;
        }
        Ok(config)
    }

    /// Where this gateway runs, if somebody says so.
    pub fn own_zone(&self) -> Option<&str> {
        Some(self.zone.as_str()).filter(|zone| !zone.is_empty())
    }

    /// Checks what types cannot say, routes included. Reports the first mistake.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        let at_least = |setting: &str, value: u64, min: u64| {
            if value >= min { Ok(()) } else { Err(invalid(setting, format!("is {value}, at least {min} is needed"))) }
        };
        at_least("limits.head_bytes_max", self.limits.head_bytes_max as u64, 1024)?;
        at_least("limits.head_fields_max", self.limits.head_fields_max as u64, 8)?;
        at_least("limits.target_bytes_max", self.limits.target_bytes_max as u64, 64)?;
        at_least("limits.connections_max", self.limits.connections_max as u64, 1)?;
        at_least("limits.in_flight_max", self.limits.in_flight_max as u64, 1)?;
        at_least("limits.h2_streams_max", u64::from(self.limits.h2_streams_max), 1)?;
        at_least("retries.attempts_max", u64::from(self.retries.attempts_max), 1)?;
        at_least("upstream.in_flight_max", self.upstream.in_flight_max as u64, 1)?;
        for (setting, value) in [
            ("timeouts.head_ms", self.timeouts.head_ms),
            ("timeouts.idle_ms", self.timeouts.idle_ms),
            ("timeouts.body_stall_ms", self.timeouts.body_stall_ms),
            ("timeouts.write_stall_ms", self.timeouts.write_stall_ms),
            ("timeouts.connect_ms", self.timeouts.connect_ms),
            ("timeouts.request_ms", self.timeouts.request_ms),
            ("timeouts.attempt_ms", self.timeouts.attempt_ms),
            ("timeouts.stream_stall_ms", self.timeouts.stream_stall_ms),
            ("timeouts.stream_idle_ms", self.timeouts.stream_idle_ms),
            ("tokens.refresh_ms", self.tokens.refresh_ms),
        ] {
            at_least(setting, value, 1)?;
        }
        if !(0.0..=10.0).contains(&self.retries.budget_share) {
            return Err(invalid("retries.budget_share", "is not between 0 and 10"));
        }
        if !(1..=9).contains(&self.compression.gzip_level) {
            return Err(invalid("compression.gzip_level", "is not between 1 and 9"));
        }
        if self.compression.brotli_quality > 11 {
            return Err(invalid("compression.brotli_quality", "is not between 0 and 11"));
        }
        if !(1..=19).contains(&self.compression.zstd_level) {
            return Err(invalid("compression.zstd_level", "is not between 1 and 19"));
        }
        let mut names = BTreeSet::new();
        for limit in &self.rate_limits {
            if !names.insert(limit.name.as_str()) {
                return Err(invalid("rate_limits", format!("has `{}` twice", limit.name)));
            }
            if limit.name.is_empty() || !limit.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
                return Err(invalid(
                    "rate_limits",
                    format!("has the name `{}`: letters, digits and `-` only", limit.name),
                ));
            }
            at_least("rate_limits.per_ms", limit.per_ms, 1)?;
        }
        let is_country = self.territory.len() == 2 && self.territory.bytes().all(|byte| byte.is_ascii_uppercase());
        if !self.territory.is_empty() && !is_country {
            return Err(invalid("territory", "is not a country of two capital letters, such as `US`"));
        }
        // Whatever is wrong with a route comes out when the table is made; this one is thrown away.
        RouteTable::compile(self, &Stats::new(1)).map(drop)
    }

    /// What the framing guard enforces.
    pub fn head_limits(&self) -> HeadLimits {
        HeadLimits {
            bytes_max: self.limits.head_bytes_max,
            fields_max: self.limits.head_fields_max,
            target_bytes_max: self.limits.target_bytes_max,
        }
    }

    /// Threads to start on a machine with so many cores.
    pub fn worker_count(&self) -> usize {
        if self.workers > 0 {
            return self.workers;
        }
        std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
    }
}

pub(crate) fn invalid(setting: impl Into<String>, reason: impl Into<String>) -> InvalidConfig {
    InvalidConfig { setting: setting.into(), reason: reason.into() }
}

/// Milliseconds of a setting as a duration.
pub(crate) fn ms(value: u64) -> Duration {
    Duration::from_millis(value)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The configuration as it is shipped.
    pub(crate) fn default_config() -> Config {
        bijou_config::Layered::from_defaults(crate::DEFAULT_SETTINGS)
            .and_then(|settings| settings.section("gateway"))
            .expect("the defaults are right")
    }

    #[track_caller]
    fn check(change: impl FnOnce(&mut Config), setting: &str) {
        let mut config = default_config();
        change(&mut config);
        assert_eq!(config.check().expect_err("it is wrong").setting, setting);
    }

    #[test]
    fn the_defaults_are_right() {
        default_config().check().expect("the defaults are right");
    }

    #[track_caller]
    fn check_zone(text: &str, expected: Option<&str>) {
        let file = tempfile::Builder::new().suffix(".toml").tempfile().expect("a file");
        std::fs::write(file.path(), text).expect("written");
        let files = [file.path().to_owned()];
        let settings = Layered::load(crate::DEFAULT_SETTINGS, &files, std::iter::empty(), &[]).expect("it is right");
        assert_eq!(Config::of(&settings).expect("it is right").own_zone(), expected, "{text}");
    }

    #[test]
    fn the_zone_is_the_platforms_unless_the_gateway_has_its_own() {
        check_zone("", None);
        check_zone("[registry]\nzone = \"a\"", Some("a"));
        check_zone("[registry]\nzone = \"a\"\n[gateway]\nzone = \"b\"", Some("b"));
    }

    #[test]
    fn values_that_cannot_work_are_named() {
        check(|config| config.limits.head_bytes_max = 10, "limits.head_bytes_max");
        check(|config| config.retries.attempts_max = 0, "retries.attempts_max");
        check(|config| config.timeouts.connect_ms = 0, "timeouts.connect_ms");
        check(|config| config.compression.gzip_level = 10, "compression.gzip_level");
        check(|config| config.rate_limits.push(config.rate_limits[0].clone()), "rate_limits");
        check(|config| config.rate_limits[0].name = "a b".into(), "rate_limits");
    }
}
