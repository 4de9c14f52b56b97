//! Element names as XStream escapes them: `_` becomes `__`, `$` becomes `_-`, and what cannot stand in an XML name
//! becomes `_.` with four hexadecimal digits per UTF-16 unit. Metadata keys are element names, so any text may come.

use std::{borrow::Cow, fmt::Write};

/// The element name that stands for `key`.
pub(super) fn escape(key: &str) -> Cow<'_, str> {
    let is_plain = |(at, character): (usize, char)| character.is_ascii_alphabetic() || (at > 0 && is_inner(character));
    if !key.is_empty() && key.char_indices().all(is_plain) {
        return Cow::Borrowed(key);
    }
    let mut name = String::with_capacity(key.len() + 8);
    for (at, character) in key.char_indices() {
        match character {
            '_' => name.push_str("__"),
            '$' => name.push_str("_-"),
            _ if character.is_alphabetic() || (at > 0 && is_inner(character)) => name.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(name, "_.{unit:04x}").expect("a string takes every character");
                }
            }
        }
    }
    // An empty key has no name at all; a lone escape of nothing reads back as nothing.
    if name.is_empty() { Cow::Borrowed("_.") } else { Cow::Owned(name) }
}

/// Allowed in a name, but not at its beginning. No colon: it would name a namespace.
fn is_inner(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '.')
}

/// The key that an element name stands for. Names that were never escaped come through unharmed, as far as they can.
pub(super) fn unescape(name: &str) -> Cow<'_, str> {
    if !name.contains('_') {
        return Cow::Borrowed(name);
    }
    let mut units = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some(character) = rest.chars().next() {
        let (unit, used) = if rest.starts_with("__") {
            (Some(u16::from(b'_')), 2)
        } else if rest.starts_with("_-") {
            (Some(u16::from(b'$')), 2)
        } else if let Some(unit) = rest.strip_prefix("_.").and_then(|hex| hex.get(..4)).and_then(hexadecimal) {
            (Some(unit), 6)
        } else if rest == "_." {
            (None, 2)
        } else {
            units.extend_from_slice(character.encode_utf16(&mut [0; 2]));
            (None, character.len_utf8())
        };
        units.extend(unit);
        rest = &rest[used..];
    }
    Cow::Owned(String::from_utf16_lossy(&units))
}

fn hexadecimal(digits: &str) -> Option<u16> {
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(key: &str, name: &str) {
        assert_eq!(escape(key), name);
        assert_eq!(unescape(name), key);
    }

    #[test]
    fn underscores_dollars_and_foreign_characters_are_escaped() {
        check("zone", "zone");
        check("my_key$x", "my__key_-x");
        check("management.port", "management.port");
        check("a key", "a_.0020key");
        check("1st", "_.0031st");
        check("a:b", "a_.003ab");
        check("-x", "_.002dx");
        check("", "_.");
    }

    #[test]
    fn a_name_that_was_never_escaped_keeps_its_single_underscore() {
        assert_eq!(unescape("my_key"), "my_key");
        assert_eq!(unescape("x_.zz"), "x_.zz");
    }

    proptest! {
        #[test]
        fn every_key_survives(key in ".*") {
            let name = escape(&key);
            prop_assert_eq!(unescape(&name), key.as_str());
        }
    }
}
