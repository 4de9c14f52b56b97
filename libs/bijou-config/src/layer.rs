//! Putting one layer on top of the others: what may be set, and as which type, is what the defaults say.

use std::collections::BTreeMap;
use std::path::Path;

use toml::{Table, Value};

use crate::lines::Lines;
use crate::{ConfigError, Fault, Origin, environment, suggest};

/// The layers so far, and everything found wrong on the way.
pub(crate) struct Stack {
    defaults: Table,
    values: Table,
    origins: BTreeMap<String, Origin>,
    faults: Vec<Fault>,
}

impl Stack {
    pub(crate) fn new(defaults: Table) -> Self {
        Self { values: defaults.clone(), defaults, origins: BTreeMap::new(), faults: Vec::new() }
    }

    pub(crate) fn add_file(&mut self, path: &Path) {
        let origin = Origin::File { path: path.to_owned(), line: None };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => return self.faults.push(Fault::Unreadable { origin, reason: error.to_string() }),
        };
        match parse(&text, &origin) {
            Ok(table) => {
                let lines = Lines::new(&text);
                let at = |leaf: &str| Origin::File { path: path.to_owned(), line: lines.find(leaf) };
                self.add_table("", table, &at);
            }
            Err(error) => self.faults.extend(error.faults),
        }
    }

    pub(crate) fn add_variable(&mut self, name: &str, text: &str) {
        if let Some(path) = environment::path_of(name) {
            self.add_text(&path, text, Origin::Variable(name.to_owned()));
        }
    }

    /// Sets one value from text, read as what the default is; a list or a free-form table is read as TOML.
    pub(crate) fn add_text(&mut self, path: &str, text: &str, origin: Origin) {
        let Some(default) = find(&self.defaults, path) else {
            return self.unknown(path, origin);
        };
        match from_text(default, text) {
            Some(value) => self.set(path, value, origin),
            None => self.faults.push(Fault::WrongType {
                path: path.to_owned(),
                origin,
                expected: kind(default),
                found: format!("`{text}`"),
            }),
        }
    }

    pub(crate) fn finish(self) -> Result<(Table, BTreeMap<String, Origin>), ConfigError> {
        if self.faults.is_empty() { Ok((self.values, self.origins)) } else { Err(ConfigError { faults: self.faults }) }
    }

    fn add_table(&mut self, prefix: &str, table: Table, origin: &impl Fn(&str) -> Origin) {
        for (key, value) in table {
            let path = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
            let Some(default) = find(&self.defaults, &path) else {
                self.unknown(&path, origin(&path));
                continue;
            };
            match (default, value) {
                (Value::Table(known), Value::Table(inner)) if !known.is_empty() => {
                    self.add_table(&path, inner, origin);
                }
                (Value::Float(_), Value::Integer(whole)) => {
                    self.set(&path, Value::Float(whole as f64), origin(&path));
                }
                (default, value) if default.same_type(&value) => self.set(&path, value, origin(&path)),
                (default, value) => {
                    let (expected, found) = (kind(default), kind(&value).to_owned());
                    self.faults.push(Fault::WrongType { origin: origin(&path), path, expected, found });
                }
            }
        }
    }

    fn unknown(&mut self, path: &str, origin: Origin) {
        let nearest = suggest::nearest(&self.defaults, path);
        self.faults.push(Fault::Unknown { path: path.to_owned(), origin, nearest });
    }

    fn set(&mut self, path: &str, value: Value, origin: Origin) {
        let mut table = &mut self.values;
        let (parents, key) = path.rsplit_once('.').map_or((None, path), |(parents, key)| (Some(parents), key));
        for parent in parents.into_iter().flat_map(|parents| parents.split('.')) {
            table = table
                .get_mut(parent)
                .and_then(Value::as_table_mut)
                .expect("only paths found in the defaults are set, and the values keep the defaults' tables");
        }
        table.insert(key.to_owned(), value);
        self.origins.insert(path.to_owned(), origin);
    }
}

/// A document as a table.
pub(crate) fn parse(text: &str, origin: &Origin) -> Result<Table, ConfigError> {
    text.parse::<Table>().map_err(|error| {
        Fault::Syntax { origin: origin.clone(), reason: error.to_string().trim_end().to_owned() }.into()
    })
}

/// The value at a dotted path.
pub(crate) fn find<'a>(table: &'a Table, path: &str) -> Option<&'a Value> {
    let mut segments = path.split('.');
    let mut value = table.get(segments.next()?)?;
    for segment in segments {
        value = value.as_table()?.get(segment)?;
    }
    Some(value)
}

/// Text as a value of the same type as the default.
fn from_text(default: &Value, text: &str) -> Option<Value> {
    let parsed = || format!("value = {text}").parse::<Table>().ok()?.remove("value");
    match default {
        Value::String(_) => Some(Value::String(text.to_owned())),
        Value::Integer(_) => text.parse().ok().map(Value::Integer),
        Value::Float(_) => text.parse().ok().map(Value::Float),
        Value::Boolean(_) => text.parse().ok().map(Value::Boolean),
        // Lists are most often lists of words, and nobody enjoys quoting quotes in a shell.
        Value::Array(_) if text.is_empty() => Some(Value::Array(Vec::new())),
        Value::Array(_) if !text.trim_start().starts_with('[') => {
            Some(Value::Array(text.split(',').map(|word| Value::String(word.trim().to_owned())).collect()))
        }
        Value::Table(known) if !known.is_empty() => None,
        Value::Array(_) | Value::Table(_) | Value::Datetime(_) => parsed().filter(|value| default.same_type(value)),
    }
}

/// The type's name with an article, for messages.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a string",
        Value::Integer(_) => "an integer",
        Value::Float(_) => "a number",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::Table(_) => "a table",
    }
}
