//! Cursors of a profile's lists: a place by time and id, signed, so that nobody makes one up or carries it elsewhere.
//!
//! `base64url(payload) . base64url(first 16 bytes of HMAC-SHA256)`; the list and its owner are signed along.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Longer texts were never made by us: an id has at most 200 characters.
const LENGTH_MAX: usize = 2048;
const SIGNATURE_BYTES: usize = 16;

/// What was shown last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) at_ms: i64,
    pub(crate) id: String,
}

/// A list of a profile.
#[derive(Debug, Clone, Copy)]
pub(crate) struct List<'a> {
    pub(crate) name: &'static str,
    pub(crate) profile: &'a str,
}

/// The text is no cursor of this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cursor is not of this list, or was changed on the way")]
pub(crate) struct NotOurs;

/// Signs and checks. All instances share the key.
pub(crate) struct Cursors {
    key: Vec<u8>,
}

impl Cursors {
    pub(crate) fn new(key: Vec<u8>) -> Self {
        Self { key }
    }

    pub(crate) fn sign(&self, list: List<'_>, place: &Place) -> String {
        let payload = format!("{}\n{}", place.at_ms, place.id);
        let full = self.mac(list, payload.as_bytes()).finalize().into_bytes();
        format!("{}.{}", URL_SAFE_NO_PAD.encode(&payload), URL_SAFE_NO_PAD.encode(&full[..SIGNATURE_BYTES]))
    }

    pub(crate) fn verify(&self, list: List<'_>, cursor: &str) -> Result<Place, NotOurs> {
        if cursor.len() > LENGTH_MAX {
            return Err(NotOurs);
        }
        let (payload, signature) = cursor.split_once('.').ok_or(NotOurs)?;
        let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| NotOurs)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| NotOurs)?;
        if signature.len() != SIGNATURE_BYTES || self.mac(list, &payload).verify_truncated_left(&signature).is_err() {
            return Err(NotOurs);
        }
        // From here on the text is our own.
        let payload = String::from_utf8(payload).map_err(|_| NotOurs)?;
        let (at_ms, id) = payload.split_once('\n').ok_or(NotOurs)?;
        Ok(Place { at_ms: at_ms.parse().map_err(|_| NotOurs)?, id: id.to_owned() })
    }

    fn mac(&self, list: List<'_>, payload: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        for part in [list.name.as_bytes(), b"\0", list.profile.as_bytes(), b"\0", payload] {
            mac.update(part);
        }
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HISTORY: List<'static> = List { name: "history", profile: "ada" };

    fn place() -> Place {
        Place { at_ms: 1_800_000_000_000, id: "entry".to_owned() }
    }

    #[test]
    fn a_cursor_leads_back_to_its_place_in_its_list() {
        let cursors = Cursors::new(vec![7; 32]);
        let cursor = cursors.sign(HISTORY, &place());
        assert_eq!(cursors.verify(HISTORY, &cursor), Ok(place()));
        assert_eq!(cursors.verify(List { profile: "bob", ..HISTORY }, &cursor), Err(NotOurs));
        assert_eq!(cursors.verify(List { name: "list", ..HISTORY }, &cursor), Err(NotOurs));
    }

    #[test]
    fn every_changed_letter_is_noticed() {
        let cursors = Cursors::new(vec![7; 32]);
        let cursor = cursors.sign(HISTORY, &place());
        for at in 0..cursor.len() {
            let mut changed = cursor.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("still ASCII");
            assert_eq!(cursors.verify(HISTORY, &changed), Err(NotOurs), "{at}");
        }
        let theirs = Cursors::new(vec![8; 32]).sign(HISTORY, &place());
        for cursor in [theirs.as_str(), "", ".", "e30", &"A".repeat(5000)] {
            assert_eq!(cursors.verify(HISTORY, cursor), Err(NotOurs));
        }
    }
}
