//! `config print`: every value with its origin, secrets as stars. The output is TOML again, so it can be saved and used.

use std::fmt::Write as _;

use toml::{Table, Value};

use crate::Origin;

const STARS: &str = "***";

/// A value as it is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Dotted.
    pub path: String,
    /// As TOML writes it; secrets as stars.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Every value below `path`, in order.
pub(crate) fn settings(path: &str, table: &Table, origin: &impl Fn(&str) -> Origin) -> Vec<Setting> {
    let mut found = Vec::new();
    for (key, value) in table {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match value {
            Value::Table(inner) => found.extend(settings(&path, inner, origin)),
            plain => found.push(Setting { value: masked(key, plain).to_string(), origin: origin(&path), path }),
        }
    }
    found
}

/// The whole configuration as text.
pub(crate) fn document(values: &Table, origin: impl Fn(&str) -> Origin) -> String {
    let mut text = String::new();
    let top: Vec<_> = values.iter().filter(|(_, value)| !value.is_table()).collect();
    for (key, value) in top {
        line(&mut text, key, key, value, &origin);
    }
    for (key, value) in values {
        if let Value::Table(table) = value {
            section(&mut text, key, table, &origin);
        }
    }
    text
}

fn section(text: &mut String, path: &str, table: &Table, origin: &impl Fn(&str) -> Origin) {
    if !text.is_empty() {
        text.push('\n');
    }
    let _ = writeln!(text, "[{path}]");
    for (key, value) in table.iter().filter(|(_, value)| !value.is_table()) {
        line(text, &format!("{path}.{key}"), key, value, origin);
    }
    for (key, value) in table {
        if let Value::Table(inner) = value {
            section(text, &format!("{path}.{key}"), inner, origin);
        }
    }
}

fn line(text: &mut String, path: &str, key: &str, value: &Value, origin: &impl Fn(&str) -> Origin) {
    let _ = writeln!(text, "{key} = {}  # {}", masked(key, value), origin(path));
}

/// The value without what must not be seen over somebody's shoulder.
fn masked(key: &str, value: &Value) -> Value {
    match value {
        // Unset is worth knowing and gives nothing away.
        Value::String(content) if content.is_empty() => value.clone(),
        Value::String(_) if is_secret(key) => Value::String(STARS.to_owned()),
        Value::String(content) => {
            let urls: Vec<_> = content.split(',').map(without_credentials).collect();
            Value::String(urls.join(","))
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| masked(key, item)).collect()),
        Value::Table(table) => {
            Value::Table(table.iter().map(|(key, value)| (key.clone(), masked(key, value))).collect())
        }
        other => other.clone(),
    }
}

fn is_secret(key: &str) -> bool {
    ["token", "password", "secret", "headers"].iter().any(|word| key == *word || key.ends_with(&format!("_{word}")))
}

/// `postgres://user:word@host/db` without the word.
fn without_credentials(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let authority_end = rest.find('/').unwrap_or(rest.len());
    let Some(at) = rest[..authority_end].rfind('@') else {
        return text.to_owned();
    };
    let user = rest[..at].split(':').next().unwrap_or_default();
    format!("{scheme}://{user}:{STARS}{}", &rest[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: &str, value: &str, expected: &str) {
        assert_eq!(masked(key, &Value::String(value.to_owned())), Value::String(expected.to_owned()));
    }

    #[test]
    fn settings_have_whole_paths_and_no_secrets() {
        let table = "[console]\noperator_token = 'x'\nlimits.in_flight_max = 2".parse::<Table>().expect("TOML");
        let found = settings("", &table, &|_| Origin::Default);
        let short: Vec<_> = found.iter().map(|setting| (setting.path.as_str(), setting.value.as_str())).collect();
        assert_eq!(short, [("console.limits.in_flight_max", "2"), ("console.operator_token", "\"***\"")]);
    }

    #[test]
    fn secrets_print_as_stars() {
        check("operator_token", "abc", "***");
        check("demo_password", "abc", "***");
        check("secret", "abc", "***");
        check("otlp_headers", "authorization=abc", "***");
        check("secret", "", "");
        check("tokens_per_second", "5", "5");
        check("database", "postgres://bijou:hush@db/bijou", "postgres://bijou:***@db/bijou");
        check("url", "http://a:x@one/eureka,http://b:y@two", "http://a:***@one/eureka,http://b:***@two");
        check("database", "postgres://db/with@sign", "postgres://db/with@sign");
        check("database", "sqlite:/data/catalog.sqlite", "sqlite:/data/catalog.sqlite");
    }
}
