//! The one path: what is matched, what policy sees and what the origin gets are the same string.
//!
//! Most ways around a front door's rules are two readings of one path (`%2e%2e`, `//`, `;x`, a backslash). So the path is
//! brought to one form first, and what has no single reading is refused rather than guessed:
//! unreserved characters lose their percent-encoding, escapes get upper-case digits, `.` and `..` segments are resolved,
//! repeated slashes become one. Refused: an encoded slash, backslash, percent sign or NUL, any raw backslash, control or
//! non-ASCII byte, `..` above the root, and a broken escape (RFC 3986, section 6.2.2; the query is left as it is).

use std::borrow::Cow;

/// Why a path has no single reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmbiguousPath {
    /// It does not begin with a slash.
    #[error("the path does not begin with a slash")]
    NotAbsolute,
    /// A `%` without two hexadecimal digits.
    #[error("the path has a broken percent-encoding")]
    BrokenEscape,
    /// An escape that some readers decode and some do not: `%2f`, `%5c`, `%25`, `%00`, control characters.
    #[error("the path has an encoded character that has no single reading")]
    EncodedDelimiter,
    /// A raw character that is no part of a path.
    #[error("the path has a character that paths do not have")]
    RawCharacter,
    /// More `..` than segments before them.
    #[error("the path leads above the root")]
    AboveRoot,
}

/// The path in its one form; borrowed when it was in it already, which is nearly always.
pub fn normalise(path: &str) -> Result<Cow<'_, str>, AmbiguousPath> {
    let bytes = path.as_bytes();
    if bytes.first() != Some(&b'/') {
        return Err(AmbiguousPath::NotAbsolute);
    }
    if is_normal(bytes) {
        return Ok(Cow::Borrowed(path));
    }
    let decoded = decode(bytes)?;
    resolve(&decoded).map(Cow::Owned)
}

/// A quick look that says yes only when there is nothing to do.
fn is_normal(bytes: &[u8]) -> bool {
    let mut after_slash = false;
    for &byte in bytes {
        match byte {
            b'/' | b'.' if after_slash => return false,
            b'/' => after_slash = true,
            _ if is_plain(byte) => after_slash = false,
            _ => return false,
        }
    }
    true
}

/// Unreserved characters and those with a meaning inside a segment (RFC 3986, `pchar` without the percent sign).
fn is_plain(byte: u8) -> bool {
    is_unreserved(byte)
        || matches!(byte, b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':' | b'@')
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn decode(bytes: &[u8]) -> Result<String, AmbiguousPath> {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(&byte) = rest.next() {
        if byte == b'%' {
            let (Some(&high), Some(&low)) = (rest.next(), rest.next()) else {
                return Err(AmbiguousPath::BrokenEscape);
            };
            let (Some(high), Some(low)) = (char::from(high).to_digit(16), char::from(low).to_digit(16)) else {
                return Err(AmbiguousPath::BrokenEscape);
            };
            let decoded = (high * 16 + low) as u8;
            match decoded {
                b'/' | b'\\' | b'%' | 0..=0x1f | 0x7f => return Err(AmbiguousPath::EncodedDelimiter),
                _ if is_unreserved(decoded) => out.push(char::from(decoded)),
                _ => {
                    out.push('%');
                    for digit in [high, low] {
                        out.push(char::from_digit(digit, 16).expect("a digit below 16").to_ascii_uppercase());
                    }
                }
            }
        } else if byte == b'/' || is_plain(byte) {
            out.push(char::from(byte));
        } else {
            return Err(AmbiguousPath::RawCharacter);
        }
    }
    Ok(out)
}

/// Resolves dot segments and joins repeated slashes. `..;x` counts as `..`: some servers cut parameters before they look.
fn resolve(path: &str) -> Result<String, AmbiguousPath> {
    let mut segments: Vec<&str> = Vec::new();
    let mut trailing = false;
    for segment in path.split('/').skip(1) {
        let name = segment.split(';').next().unwrap_or_default();
        trailing = segment.is_empty() || matches!(name, "." | "..");
        match name {
            ".." if segment.len() == 2 => {
                segments.pop().ok_or(AmbiguousPath::AboveRoot)?;
            }
            "." | ".." if segment.len() != name.len() => return Err(AmbiguousPath::EncodedDelimiter),
            "." => {}
            _ if segment.is_empty() => {}
            _ => segments.push(segment),
        }
    }
    let mut out = String::with_capacity(path.len());
    for segment in &segments {
        out.push('/');
        out.push_str(segment);
    }
    if trailing || segments.is_empty() {
        out.push('/');
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Result<&str, AmbiguousPath>) {
        assert_eq!(normalise(path).as_deref().map_err(|error| *error), expected, "{path}");
    }

    #[test]
    fn one_form_for_many_spellings() {
        for path in [
            "/v1/titles",
            "/v1//titles",
            "/v1/./titles",
            "/v1/x/../titles",
            "/v1/%74itles",
            "/%76%31/titles",
            "//v1///titles",
        ] {
            check(path, Ok("/v1/titles"));
        }
        check("/", Ok("/"));
        check("/a/", Ok("/a/"));
        check("/a/.", Ok("/a/"));
        check("/a/b/..", Ok("/a/"));
        check("/a%c3%a9", Ok("/a%C3%A9"));
        check("/a;x=y", Ok("/a;x=y"));
        check("/.well-known/jwks.json", Ok("/.well-known/jwks.json"));
        check("/a/%2e%2e/b", Ok("/b"));
    }

    #[test]
    fn what_has_two_readings_is_refused() {
        check("/a%2fb", Err(AmbiguousPath::EncodedDelimiter));
        check("/a%5Cb", Err(AmbiguousPath::EncodedDelimiter));
        check("/a%252e", Err(AmbiguousPath::EncodedDelimiter));
        check("/a%00", Err(AmbiguousPath::EncodedDelimiter));
        check("/a%0d%0a", Err(AmbiguousPath::EncodedDelimiter));
        check("/a/..;x/b", Err(AmbiguousPath::EncodedDelimiter));
        check("/a\\b", Err(AmbiguousPath::RawCharacter));
        check("/a%", Err(AmbiguousPath::BrokenEscape));
        check("/a%2", Err(AmbiguousPath::BrokenEscape));
        check("/a%zz", Err(AmbiguousPath::BrokenEscape));
        check("/..", Err(AmbiguousPath::AboveRoot));
        check("/a/../../b", Err(AmbiguousPath::AboveRoot));
        check("*", Err(AmbiguousPath::NotAbsolute));
        check("", Err(AmbiguousPath::NotAbsolute));
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(path in "/([a-z.;%/=]|%2[eE]|%[3-7][0-9]|\\.\\.|//){0,24}") {
            if let Ok(once) = normalise(&path) {
                let twice = normalise(&once).expect("a normal path is never refused");
                prop_assert_eq!(&twice, &once);
            }
        }

        #[test]
        fn a_normal_path_has_no_dots_to_climb_and_no_empty_segments(path in "/[ -~]{0,40}") {
            if let Ok(normal) = normalise(&path) {
                prop_assert!(normal.starts_with('/'));
                prop_assert!(!normal.contains("//") && !normal.contains('\\'));
                prop_assert!(normal.split('/').all(|segment| !matches!(segment, "." | "..")));
                let lower = normal.to_ascii_lowercase();
                for bad in ["%2f", "%5c", "%00", "%25", "%2e"] {
                    prop_assert!(!lower.contains(bad), "{}", normal);
                }
            }
        }

        #[test]
        fn plain_paths_are_not_copied(path in "(/[a-z0-9_-]{1,8}){1,5}") {
            prop_assert!(matches!(normalise(&path), Ok(Cow::Borrowed(_))));
        }
    }
}
