//! The `[log]` and `[telemetry]` sections of the configuration.

use serde::{Deserialize, Deserializer, de};

/// Section `[log]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// A level, or levels by target: `info,sqlx=warn`.
    pub level: String,
    pub format: Format,
    pub color: Color,
}

/// Who reads the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Human when stderr is a terminal, JSON otherwise.
    Auto,
    Human,
    Json,
}

/// Whether human lines carry colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Color {
    /// When stderr is a terminal.
    Auto,
    Always,
    Never,
}

/// Section `[telemetry]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetrySettings {
    pub otlp: Otlp,
    /// Traces begun per second and process; failures are kept beyond it.
    pub sample_per_second: u32,
}

/// Where spans and logs go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Otlp {
    /// To the CONSOLE role, found in the registry.
    Console,
    Off,
    /// To an OTLP/HTTP collector at this base URL.
    Url(String),
}

impl<'de> Deserialize<'de> for Otlp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.as_str() {
            "console" => Ok(Self::Console),
            "off" => Ok(Self::Off),
            url if url.starts_with("http://") || url.starts_with("https://") => {
                Ok(Self::Url(url.trim_end_matches('/').to_owned()))
            }
            other => Err(de::Error::custom(format!("`{other}` is neither `console`, `off` nor an http URL"))),
        }
    }
}
