//! The `[log]` and `[telemetry]` sections of the configuration.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

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

/// Where spans and logs go: to nobody, to one place, or to several, none of which waits for another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Otlp(pub Vec<Destination>);

/// One place that takes spans and logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// The CONSOLE role, found in the registry.
    Console,
    /// An OTLP/HTTP collector outside the platform, at this base URL.
    Collector(Arc<str>),
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Console => "console",
            Self::Collector(url) => url,
        })
    }
}

impl FromStr for Otlp {
    type Err = String;

    /// `off`, or places with commas between: `console`, `https://collector.example`.
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self::default());
        }
        let mut places = Vec::new();
        for word in text.split(',').map(str::trim) {
            let place = match word {
                "console" => Destination::Console,
                url if url.starts_with("http://") || url.starts_with("https://") => {
                    Destination::Collector(url.trim_end_matches('/').into())
                }
                other => return Err(format!("`{other}` is neither `console`, `off` nor an http URL")),
            };
            if !places.contains(&place) {
                places.push(place);
            }
        }
        Ok(Self(places))
    }
}

impl<'de> Deserialize<'de> for Otlp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&[Destination], &str>) {
        let expected = expected.map(|places| Otlp(places.to_vec())).map_err(str::to_owned);
        assert_eq!(text.parse::<Otlp>(), expected, "{text}");
    }

    #[test]
    fn console_and_collectors_stand_side_by_side() {
        let outside = Destination::Collector("https://otel.example:4318/x".into());
        check("off", Ok(&[]));
        check("console", Ok(&[Destination::Console]));
        check("https://otel.example:4318/x/", Ok(std::slice::from_ref(&outside)));
        check("console, https://otel.example:4318/x,console", Ok(&[Destination::Console, outside]));
        check("consle", Err("`consle` is neither `console`, `off` nor an http URL"));
        check("console,off", Err("`off` is neither `console`, `off` nor an http URL"));
    }
}
