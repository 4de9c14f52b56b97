//! What is wrong with a file, and where.

use std::fmt;

/// Where in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    line: usize,
    column: Option<usize>,
    field: Option<String>,
    /// The line itself, to find members in (JSON only).
    pub(super) text: Option<std::sync::Arc<str>>,
}

impl Place {
    /// A whole line.
    pub fn line(line: usize) -> Self {
        Self { line, column: None, field: None, text: None }
    }

    /// A character of a line, both counted from 1.
    pub fn column(line: usize, column: usize) -> Self {
        Self { line, column: Some(column), field: None, text: None }
    }

    /// A field of a CSV record, counted from 1, by its name.
    pub fn field(line: usize, number: usize, name: &str) -> Self {
        Self { line, column: Some(number), field: Some(name.to_owned()), text: None }
    }

    /// A line of JSON, whose members are found by name.
    pub fn json(line: usize, text: &str) -> Self {
        Self { text: Some(text.into()), ..Self::line(line) }
    }

    pub fn line_number(&self) -> usize {
        self.line
    }

    /// The place of a member: its column in JSON, where it is written.
    pub fn member(&self, name: &str) -> Self {
        let found = self.text.as_deref().and_then(|text| {
            let at = text.find(&format!("\"{name}\""))?;
            Some(text[..at].chars().count() + 1)
        });
        Self { line: self.line, column: found.or(self.column), field: self.field.clone(), text: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}", self.line)?;
        if let Some(column) = self.column {
            write!(out, ", column {column}")?;
        }
        if let Some(field) = &self.field {
            write!(out, " ({field})")?;
        }
        Ok(())
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub place: Place,
    pub message: String,
}

impl Fault {
    pub fn at(place: Place, message: impl Into<String>) -> Self {
        Self { place, message: message.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.place, self.message)
    }
}
