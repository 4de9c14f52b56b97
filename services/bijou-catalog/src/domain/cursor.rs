//! Cursors: a place in a list, signed, so that nobody can make one up or carry it to another list.
//!
//! `base64url(payload) . base64url(first 16 bytes of HMAC-SHA256)`. The payload names the query it belongs to by a
//! hash, the key and the id of the last title seen. It has no secrets: the signature keeps the query's arguments ours.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::query::{Key, Place};

/// Longer texts were never made by us.
const LENGTH_MAX: usize = 1024;
const SIGNATURE_BYTES: usize = 16;

/// Signs and checks cursors. All instances of a catalog share the key.
#[derive(Clone)]
pub struct Cursors {
    key: [u8; 32],
}

/// Why a cursor is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CursorError {
    #[error("it was not made by this catalog, or was changed on the way")]
    NotOurs,
    #[error("it belongs to another query: ask with the same filter and order as for the part it came with")]
    OtherQuery,
}

impl Cursors {
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The cursor for what comes after `place` in this query, a text that is equal for equal queries.
    pub fn sign(&self, query: &str, place: &Place) -> String {
        let (kind, key) = match &place.key {
            Key::Number(number) => ('n', number.to_string()),
            Key::Text(text) => ('t', text.clone()),
        };
        let payload = format!("1\n{}\n{kind}\n{}\n{key}", query_hash(query), place.id);
        let signature = self.signature(payload.as_bytes());
        format!("{}.{}", URL_SAFE_NO_PAD.encode(&payload), URL_SAFE_NO_PAD.encode(signature))
    }

    /// The place a cursor stands for.
    pub fn verify(&self, query: &str, cursor: &str) -> Result<Place, CursorError> {
        if cursor.len() > LENGTH_MAX {
            return Err(CursorError::NotOurs);
        }
        let (payload, signature) = cursor.split_once('.').ok_or(CursorError::NotOurs)?;
        let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| CursorError::NotOurs)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| CursorError::NotOurs)?;
        if signature.len() != SIGNATURE_BYTES || self.mac(&payload).verify_truncated_left(&signature).is_err() {
            return Err(CursorError::NotOurs);
        }
        // From here on the text is our own.
        let payload = String::from_utf8(payload).map_err(|_| CursorError::NotOurs)?;
        let mut parts = payload.splitn(5, '\n');
        let mut part = || parts.next().ok_or(CursorError::NotOurs);
        let (_version, hash, kind, id, key) = (part()?, part()?, part()?, part()?, part()?);
        if hash != query_hash(query) {
            return Err(CursorError::OtherQuery);
        }
        let key = match kind {
            "n" => Key::Number(key.parse().map_err(|_| CursorError::NotOurs)?),
            _ => Key::Text(key.to_owned()),
        };
        Ok(Place { key, id: id.to_owned() })
    }

    fn signature(&self, payload: &[u8]) -> [u8; SIGNATURE_BYTES] {
        let full = self.mac(payload).finalize().into_bytes();
        let mut short = [0; SIGNATURE_BYTES];
        short.copy_from_slice(&full[..SIGNATURE_BYTES]);
        short
    }

    fn mac(&self, payload: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.update(payload);
        mac
    }
}

fn query_hash(query: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(query)[..9])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::query::{Filter, Sort};

    fn query(genre: &str, sort: Sort) -> String {
        Filter { genre: Some(genre.to_owned()), ..Filter::default() }.fingerprint(sort)
    }

    fn place() -> Place {
        Place { key: Key::Text("long\nname".to_owned()), id: "bo-long-zoom".to_owned() }
    }

    #[test]
    fn a_cursor_leads_back_to_its_place() {
        let cursors = Cursors::new([7; 32]);
        for place in [place(), Place { key: Key::Number(-5), id: "x".to_owned() }] {
            let cursor = cursors.sign(&query("noir", Sort::Name), &place);
            assert_eq!(cursors.verify(&query("noir", Sort::Name), &cursor), Ok(place));
        }
    }

    #[test]
    fn a_cursor_of_another_query_is_told_apart() {
        let cursors = Cursors::new([7; 32]);
        let cursor = cursors.sign(&query("noir", Sort::Name), &place());
        assert_eq!(cursors.verify(&query("horror", Sort::Name), &cursor), Err(CursorError::OtherQuery));
        assert_eq!(cursors.verify(&query("noir", Sort::Added), &cursor), Err(CursorError::OtherQuery));
    }

    #[test]
    fn every_changed_letter_is_noticed() {
        let cursors = Cursors::new([7; 32]);
        let cursor = cursors.sign(&query("noir", Sort::Name), &place());
        for at in 0..cursor.len() {
            let mut changed = cursor.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("still ASCII");
            if changed != cursor {
                assert_eq!(cursors.verify(&query("noir", Sort::Name), &changed), Err(CursorError::NotOurs), "{at}");
            }
        }
    }

    #[test]
    fn a_foreign_cursor_is_not_ours() {
        let theirs = Cursors::new([8; 32]).sign(&query("noir", Sort::Name), &place());
        for cursor in [theirs.as_str(), "", ".", "eyJpZCI6MX0", &"A".repeat(5000)] {
            assert_eq!(Cursors::new([7; 32]).verify(&query("noir", Sort::Name), cursor), Err(CursorError::NotOurs));
        }
    }
}
