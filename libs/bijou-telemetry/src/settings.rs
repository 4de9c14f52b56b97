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
    /// Sent along to collectors outside.
    #[serde(default)]
    pub otlp_headers: Headers,
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
    /// An OTLP/HTTP collector outside the platform.
    Collector(Collector),
}

/// A collector outside the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collector {
    /// Base URL.
    pub url: Arc<str>,
    pub headers: Headers,
}

/// Header fields that show a collector who sends. Never printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Arc<[(String, String)]>);

impl Headers {
    /// Names and values.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl FromStr for Headers {
    type Err = String;

    /// `name=value`, with commas between, values percent-encoded: as OpenTelemetry's `OTEL_EXPORTER_OTLP_HEADERS` has them.
    fn from_str(text: &str) -> Result<Self, String> {
        // What is wrong is told without the value, which is a secret.
        let pair = |part: &str| {
            let (name, value) = part.split_once('=').ok_or("a part of it has no `=` between name and value")?;
            let name = name.trim().to_ascii_lowercase();
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)) {
                return Err(format!("`{name}` is no name of a header field"));
            }
            let value = decoded(value.trim()).filter(|value| value.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            Ok((
                name.clone(),
                value.ok_or_else(|| format!("the value of `{name}` is not visible ASCII, percent-encoded"))?,
            ))
        };
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        Ok(Self(parts.map(pair).collect::<Result<Vec<_>, String>>()?.into()))
    }
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// `%20` as what it stands for; `None` when that is nothing.
fn decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

impl TelemetrySettings {
    /// Where everything goes, with what it takes to get in.
    pub(crate) fn places(&self) -> impl Iterator<Item = Destination> {
        self.otlp.0.iter().map(|place| match place {
            Destination::Console => Destination::Console,
            Destination::Collector(collector) => {
                Destination::Collector(Collector { headers: self.otlp_headers.clone(), ..collector.clone() })
            }
        })
    }
}

impl From<&str> for Collector {
    /// One that asks nobody who they are.
    fn from(url: &str) -> Self {
        Self { url: url.into(), headers: Headers::default() }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Console => "console",
            Self::Collector(collector) => &collector.url,
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
    fn headers_are_pairs_whose_values_are_never_shown() {
        let headers: Headers = "authorization=Basic%20YTpi, X-Scope-OrgID=7,".parse().expect("headers");
        let pairs: Vec<_> = headers.pairs().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("authorization", "Basic YTpi"), ("x-scope-orgid", "7")]);
        assert_eq!(format!("{headers:?}"), r#"{"authorization", "x-scope-orgid"}"#);
        assert_eq!("".parse(), Ok(Headers::default()));
        for (text, wrong) in [
            ("secret", "a part of it has no `=` between name and value"),
            ("a b=secret", "`a b` is no name of a header field"),
            ("a=secret%", "the value of `a` is not visible ASCII, percent-encoded"),
            ("a=secret%0a", "the value of `a` is not visible ASCII, percent-encoded"),
        ] {
            assert_eq!(text.parse::<Headers>(), Err(wrong.to_owned()));
        }
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
