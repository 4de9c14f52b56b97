//! Cursors of the home page: what its reader has seen.
//!
//! The page may change between two parts, and the next part may be answered by another instance. A place in a list
//! would then repeat or skip titles; so the cursor names what was shown, four bytes for each row and title, and the next
//! part is the rest. Two ids with equal bytes (one in four thousand million pairs) cost a title its place, nothing else.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// First byte, so that the form can change.
const VERSION: u8 = 1;

/// Most names in a cursor: all rows and titles of the longest page.
const SEEN_MAX: usize = 700;

/// What was shown so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    marks: Vec<u32>,
}

/// Why a cursor is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not a cursor of the home page, or was changed on the way")]
pub(crate) struct InvalidCursor;

impl Seen {
    pub(crate) fn add(&mut self, kind: Kind, id: &str) {
        self.marks.push(mark(kind, id));
    }

    pub(crate) fn has(&self, kind: Kind, id: &str) -> bool {
        !self.marks.is_empty() && self.marks.contains(&mark(kind, id))
    }

    /// The cursor.
    pub(crate) fn encode(&self) -> String {
        let mut bytes = vec![VERSION];
        let marks = self.marks.iter().take(SEEN_MAX).flat_map(|mark| mark.to_be_bytes());
        bytes.extend(marks);
        bytes.extend(checksum(&bytes));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    pub(crate) fn decode(cursor: &str) -> Result<Self, InvalidCursor> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| InvalidCursor)?;
        let (content, sum) = bytes.split_last_chunk::<4>().ok_or(InvalidCursor)?;
        if checksum(content) != *sum {
            return Err(InvalidCursor);
        }
        let (&VERSION, marks) = content.split_first().ok_or(InvalidCursor)? else {
            return Err(InvalidCursor);
        };
        if marks.len() > SEEN_MAX * 4 || !marks.len().is_multiple_of(4) {
            return Err(InvalidCursor);
        }
        let marks = marks.chunks_exact(4).map(|four| u32::from_be_bytes(four.try_into().expect("chunks of four")));
        Ok(Self { marks: marks.collect() })
    }
}

/// Rows and titles may have equal ids.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Row,
    Title,
}

fn mark(kind: Kind, id: &str) -> u32 {
    let kind: &[u8] = match kind {
        Kind::Row => b"row ",
        Kind::Title => b"title ",
    };
    u32::from_be_bytes(first_four(&[kind, id.as_bytes()]))
}

/// Guards against mistakes (another list's cursor, a cut one), not against people: a made-up cursor only hides titles
/// from its maker.
fn checksum(content: &[u8]) -> [u8; 4] {
    first_four(&[b"home cursor ", content])
}

fn first_four(parts: &[&[u8]]) -> [u8; 4] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    let hash = hash.finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_seen_is_remembered(rows in prop::collection::hash_set("[a-z-]{1,20}", 0..40), titles in prop::collection::hash_set("[a-z-]{1,20}", 0..300)) {
            let mut seen = Seen::default();
            for row in &rows {
                seen.add(Kind::Row, row);
            }
            for title in &titles {
                seen.add(Kind::Title, title);
            }
            let read = Seen::decode(&seen.encode()).expect("own cursor");
            prop_assert_eq!(&read, &seen);
            prop_assert!(rows.iter().all(|row| read.has(Kind::Row, row)));
            prop_assert!(titles.iter().all(|title| read.has(Kind::Title, title)));
            prop_assert!(!read.has(Kind::Title, "Not seen"));
        }

        #[test]
        fn foreign_and_changed_cursors_are_refused(text in ".{0,60}", at: prop::sample::Index, to in "[A-Za-z0-9_-]") {
            prop_assert_eq!(Seen::decode(&text), Err(InvalidCursor));
            let mut seen = Seen::default();
            seen.add(Kind::Title, "bo-lanterns");
            let cursor = seen.encode();
            let at = at.index(cursor.len());
            prop_assume!(cursor[at..=at] != to);
            let changed = format!("{}{to}{}", &cursor[..at], &cursor[at + 1..]);
            prop_assert_ne!(Seen::decode(&changed), Ok(seen));
        }
    }
}
