//! What would change of a title, in lines people can read.

use bijou_catalog_api::Offer;
use serde_json::Value;

use crate::document::Document;

/// Longer values are cut in what is shown.
const LETTERS_MAX: usize = 70;

/// One line a difference; none when the documents are equal.
pub(super) fn differences(old: &Document, new: &Document) -> Vec<String> {
    if old == new {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let value = |document: &Document| {
        let mut value = serde_json::to_value(document).unwrap_or(Value::Null);
        // How many there are would not tell what changes.
        if !document.offers.is_empty() {
            value["offers"] = document.offers.iter().map(window).collect();
        }
        value
    };
    compare("", &value(old), &value(new), &mut lines);
    lines
}

/// An offer in a few letters: `DE 2026-12-24T00:00:00Z..`.
fn window(offer: &Offer) -> String {
    let time = |time: Option<jiff::Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
    format!("{} {}..{}", offer.territory, time(offer.from), time(offer.until))
}

fn compare(path: &str, old: &Value, new: &Value, lines: &mut Vec<String>) {
    if old == new {
        return;
    }
    let (Value::Object(old), Value::Object(new)) = (old, new) else {
        lines.push(format!("    {path}: {} -> {}", shown(old), shown(new)));
        return;
    };
    for (name, before) in old {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        compare(&path, before, new.get(name).unwrap_or(&Value::Null), lines);
    }
    for (name, after) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        compare(&path, &Value::Null, after, lines);
    }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => return "nothing".to_owned(),
        Value::Array(items) if items.iter().any(Value::is_object) => return format!("{} item(s)", items.len()),
        Value::Object(members) => return format!("{} member(s)", members.len()),
        other => other.to_string(),
    };
    match text.char_indices().nth(LETTERS_MAX) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{check, json};
    use super::*;

    fn document(line: &str) -> Document {
        let mut checked = check::check(json::read(line));
        assert_eq!(checked.faults, []);
        checked.titles.remove(0).document
    }

    #[test]
    fn only_what_differs_is_shown() {
        let old = document(r#"{"name": "M", "year": 1931, "genres": ["Crime"], "runtime_s": 7000, "synopsis": "x"}"#);
        let new = document(
            r#"{"name": "M", "year": 1931, "genres": ["Crime", "Noir"], "synopsis": "y", "credits": [{"name": "Fritz Lang", "role": "director"}]}"#,
        );
        let mut lines = differences(&old, &new);
        lines.sort();
        assert_eq!(
            lines,
            [
                "    credits: nothing -> 1 item(s)",
                "    genres: [\"crime\"] -> [\"crime\",\"noir\"]",
                "    runtime_s: 7000 -> nothing",
                "    texts.en.synopsis: \"x\" -> \"y\"",
            ]
        );
        assert_eq!(differences(&old, &old), Vec::<String>::new());
    }

    #[test]
    fn offers_are_shown_as_they_are() {
        let old = document(r#"{"name": "M", "year": 1931, "offers": [{"territory": "DE"}]}"#);
        let new = document(r#"{"name": "M", "year": 1931, "offers": [{"territory": "DE", "until": "2027-01-01"}]}"#);
        assert_eq!(differences(&old, &new), [r#"    offers: ["DE .."] -> ["DE ..2027-01-01T00:00:00Z"]"#]);
    }
}
