//! Range arithmetic (RFC 9110, section 14): which bytes of a file a request is for.
//!
//! One range is served. A request for several gets the whole file, which the RFC allows: no player sends one, and
//! many small ranges over a large file are a known way to make a server work.

/// What to send of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    Whole,
    /// Bytes `start` up to and without `end`; never empty.
    Part {
        start: u64,
        end: u64,
    },
    /// The range lies behind the end: 416.
    Unsatisfiable,
}

/// Reads a `Range` header for a file of `length` bytes. What is malformed or in another unit is ignored, as the RFC says.
pub fn select(header: Option<&str>, length: u64) -> Selection {
    let Some(spec) = header.and_then(single_byte_range) else {
        return Selection::Whole;
    };
    let (start, end) = match spec {
        Spec::From(first) => (first, length),
        Spec::Between(first, last) => (first, last.saturating_add(1).min(length)),
        Spec::Last(count) => (length.saturating_sub(count), length),
    };
    if start >= end { Selection::Unsatisfiable } else { Selection::Part { start, end } }
}

/// Whether the range counts at all: with `If-Range`, only while the client's copy is of the same file.
/// Only a strong entity tag can say so; a date never matches, since files have no modification time here.
pub fn applies(if_range: Option<&str>, etag: &str) -> bool {
    if_range.is_none_or(|validator| validator.trim() == etag)
}

/// Whether `If-None-Match` names this file (weak comparison, RFC 9110 section 13.1.2).
pub fn matches(if_none_match: &str, etag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    if_none_match.trim() == "*" || if_none_match.split(',').any(|tag| bare(tag) == bare(etag))
}

enum Spec {
    From(u64),
    /// Both ends included.
    Between(u64, u64),
    Last(u64),
}

fn single_byte_range(header: &str) -> Option<Spec> {
    let (unit, set) = header.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = set.trim().split_once('-')?;
    let number = |text: &str| -> Option<u64> {
        // `parse` would also take a plus sign.
        text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
    };
    match (first, last) {
        ("", count) => Some(Spec::Last(number(count)?)),
        (first, "") => Some(Spec::From(number(first)?)),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(Spec::Between(first, last))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(header: &str, expected: Selection) {
        assert_eq!(select(Some(header), 1000), expected, "{header}");
    }

    #[test]
    fn one_range_in_each_form() {
        check("bytes=0-499", Selection::Part { start: 0, end: 500 });
        check("bytes=500-", Selection::Part { start: 500, end: 1000 });
        check("bytes=-200", Selection::Part { start: 800, end: 1000 });
        check("bytes=-5000", Selection::Part { start: 0, end: 1000 });
        check("bytes=990-5000", Selection::Part { start: 990, end: 1000 });
        check("Bytes=0-0", Selection::Part { start: 0, end: 1 });
    }

    #[test]
    fn a_range_behind_the_end_cannot_be_satisfied() {
        check("bytes=1000-", Selection::Unsatisfiable);
        check("bytes=5000-6000", Selection::Unsatisfiable);
        check("bytes=-0", Selection::Unsatisfiable);
        assert_eq!(select(Some("bytes=0-"), 0), Selection::Unsatisfiable);
    }

    #[test]
    fn what_is_no_single_byte_range_is_ignored() {
        for header in ["bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes=+1-2", "lines=0-1", "bytes=0-1,4-5", "0-1"]
        {
            check(header, Selection::Whole);
        }
        check("bytes=0-18446744073709551615", Selection::Part { start: 0, end: 1000 });
        check("bytes=0-99999999999999999999", Selection::Whole);
        assert_eq!(select(None, 1000), Selection::Whole);
    }

    #[test]
    fn if_range_needs_the_very_same_file() {
        assert!(applies(None, "\"a\""));
        assert!(applies(Some("\"a\""), "\"a\""));
        assert!(!applies(Some("\"b\""), "\"a\""));
        assert!(!applies(Some("W/\"a\""), "\"a\""));
        assert!(!applies(Some("Mon, 23 Nov 2026 06:00:00 GMT"), "\"a\""));
    }

    #[test]
    fn if_none_match_takes_lists_and_weak_tags() {
        assert!(matches("\"x\", W/\"a\"", "\"a\""));
        assert!(matches("*", "\"a\""));
        assert!(!matches("\"x\"", "\"a\""));
    }

    proptest! {
        #[test]
        fn a_part_is_never_empty_and_never_outside(first: u64, last: u64, length in 0_u64..u64::MAX) {
            for header in [format!("bytes={first}-{last}"), format!("bytes={first}-"), format!("bytes=-{last}")] {
                if let Selection::Part { start, end } = select(Some(&header), length) {
                    prop_assert!(start < end && end <= length, "{header} of {length}: {start}..{end}");
                }
            }
        }

        #[test]
        fn any_header_has_an_answer(header in ".{0,60}", length: u64) {
            let _ = select(Some(&header), length);
        }
    }
}
