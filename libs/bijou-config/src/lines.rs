//! On which line of a document a setting stands. Only used to word errors and origins, so it may give up.

use toml::de::{DeTable, DeValue};

/// A parsed document that remembers positions.
pub(crate) struct Lines<'a> {
    text: &'a str,
    table: Option<DeTable<'a>>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, table: DeTable::parse(text).ok().map(toml::Spanned::into_inner) }
    }

    /// The line of the last key of a path, counted from one.
    pub(crate) fn find(&self, path: &str) -> Option<usize> {
        let mut table = self.table.as_ref()?;
        let mut segments = path.split('.').peekable();
        while let Some(segment) = segments.next() {
            let (key, value) = table.iter().find(|(key, _)| key.as_ref() == segment)?;
            if segments.peek().is_none() {
                return Some(1 + self.text.get(..key.span().start)?.matches('\n').count());
            }
            match value.as_ref() {
                DeValue::Table(inner) => table = inner,
                _ => return None,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_on_its_line() {
        let lines = Lines::new("[catalog]\n# comment\nlisten = 'x'\n\n[catalog.limits]\nin_flight_max = 1\n");
        assert_eq!(lines.find("catalog.listen"), Some(3));
        assert_eq!(lines.find("catalog.limits.in_flight_max"), Some(6));
        assert_eq!(lines.find("catalog.nothing"), None);
    }
}
