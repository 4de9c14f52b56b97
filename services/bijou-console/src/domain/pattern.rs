//! What log lines have in common: messages without what differs from line to line.
//!
//! Words with a digit, and quoted text, become `…`; the rest is the pattern. No learning: the same message is the same
//! pattern today and tomorrow.

use std::collections::HashMap;
use std::sync::Arc;

use super::trace::LogLine;

/// Longest pattern, in bytes: behind it lines of one kind differ by what they quote.
const LENGTH_MAX: usize = 240;

/// What stands for what differs.
const GAP: &str = "…";

/// Lines of one pattern.
#[derive(Debug, Clone)]
pub struct Group {
    pub pattern: String,
    pub count: usize,
    pub first_ns: u64,
    /// The newest line.
    pub example: Arc<LogLine>,
    /// Roles that said it, in order of their names.
    pub roles: Vec<Arc<str>>,
}

/// Groups of lines, the largest first.
#[derive(Debug, Default)]
pub struct Groups(HashMap<(String, u8), Group>);

impl Groups {
    /// Adds a line.
    pub fn add(&mut self, line: LogLine) {
        let key = (pattern(&line.message), line.level as u8);
        let (at_ns, role) = (line.at_ns, Arc::clone(&line.source.role));
        let line = Arc::new(line);
        let group = self.0.entry(key).or_insert_with_key(|(pattern, _)| Group {
            pattern: pattern.clone(),
            count: 0,
            first_ns: at_ns,
            example: Arc::clone(&line),
            roles: Vec::new(),
        });
        group.count += 1;
        group.first_ns = group.first_ns.min(at_ns);
        if at_ns > group.example.at_ns {
            group.example = line;
        }
        if let Err(place) = group.roles.binary_search(&role) {
            group.roles.insert(place, role);
        }
    }

    /// The largest.
    pub fn largest(self, limit: usize) -> Vec<Group> {
        let mut groups: Vec<_> = self.0.into_values().collect();
        groups.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.pattern.cmp(&b.pattern)));
        groups.truncate(limit);
        groups
    }
}

/// The pattern of a message.
pub fn pattern(message: &str) -> String {
    let mut pattern = String::with_capacity(message.len().min(LENGTH_MAX));
    let mut rest = message;
    while let Some(first) = rest.chars().next() {
        if pattern.len() >= LENGTH_MAX {
            pattern.push_str(GAP);
            break;
        }
        let quoted = ['`', '"'].contains(&first).then(|| rest[1..].find(first)).flatten();
        if let Some(length) = quoted {
            pattern.push(first);
            pattern.push_str(GAP);
            pattern.push(first);
            rest = &rest[length + 2..];
            continue;
        }
        if !is_word(first) {
            pattern.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let length = rest.find(|letter| !is_word(letter)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(length);
        // A full stop ends a sentence more often than a number.
        let (word, stop) = word.strip_suffix('.').map_or((word, ""), |word| (word, "."));
        pattern.push_str(if word.bytes().any(|byte| byte.is_ascii_digit()) { GAP } else { word });
        pattern.push_str(stop);
        rest = behind;
    }
    pattern
}

/// Characters that hold an id or a number together.
fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::line;

    #[track_caller]
    fn check(message: &str, expected: &str) {
        assert_eq!(pattern(message), expected);
    }

    #[test]
    fn what_differs_from_line_to_line_is_left_out() {
        check("read 12 titles in 3.5 ms.", "read … titles in … ms.");
        check("title `tt-1` is gone, \"so\" be it", "title `…` is gone, \"…\" be it");
        check("GET /v1/titles/b07f4e10-9c1d/x 127.0.0.1:8080", "GET /…/titles/…/x …:…");
        check("it's as it was", "it's as it was");
        check("a ` alone", "a ` alone");
        check("grüße an den täter", "grüße an den täter");
        check("", "");
        assert!(pattern(&"a b ".repeat(500)).len() < LENGTH_MAX + 10);
    }

    #[test]
    fn lines_are_counted_by_pattern_with_who_said_it() {
        let mut groups = Groups::default();
        for (role, at, message) in
            [("catalog", 1, "read 1 title"), ("profiles", 5, "read 2 title"), ("catalog", 3, "began")]
        {
            groups.add(line(role, at, message));
        }
        let groups = groups.largest(9);
        let short: Vec<_> =
            groups.iter().map(|group| (group.pattern.as_str(), group.count, group.roles.len())).collect();
        assert_eq!(short, [("read … title", 2, 2), ("began", 1, 1)]);
        assert_eq!(groups[0].example.message, "read 2 title");
    }
}
