//! What a card carries so that it can be explained: which title, in which row, from what was known when.
//!
//! Signed, because it comes back from outside and ends in a log that models are judged by; bound to the profile it was
//! made for, so that nobody explains another's page. Short, because there are a hundred on a page and none compresses:
//! titles are named by six bytes of a hash (in 36,000 titles, one chance in 400,000 that any two are alike).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::domain::row::RowKind;

/// First byte, so that the form can change.
const VERSION: u8 = 1;

/// Bytes before the code.
const CONTENT_BYTES: usize = 23;
const CODE_BYTES: usize = 8;

/// Keeps a code made here from counting as one made for another purpose with the same secret.
const PURPOSE: &[u8] = b"bijou card 1\0";

/// A title's name in a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Mark([u8; 6]);

impl Mark {
    pub(crate) fn of(id: &str) -> Self {
        let hash = Sha256::digest(id.as_bytes());
        Self([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5]])
    }
}

/// What a card says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) title: Mark,
    pub(crate) row: RowKind,
    /// The title or genre the row is about, by hash; nothing in particular for other rows.
    pub(crate) subject: Mark,
    /// Place in the row, from 0.
    pub(crate) position: u8,
    /// Time of the newest play that was known, seconds since 1970.
    pub(crate) known_s: u32,
    /// First bytes of the hash of the model's version; zeros when there was none.
    pub(crate) model: [u8; 4],
}

/// Why a card is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not a card of this profile's pages, or was changed on the way")]
pub(crate) struct InvalidCard;

/// Signs and checks cards of one profile.
pub(crate) struct Signer {
    code: Hmac<Sha256>,
}

impl Signer {
    pub(crate) fn new(secret: &[u8], profile_id: &str) -> Self {
        let mut code = Hmac::<Sha256>::new_from_slice(secret).expect("a key of any length");
        code.update(PURPOSE);
        code.update(profile_id.as_bytes());
        code.update(b"\0");
        Self { code }
    }

    pub(crate) fn sign(&self, card: &Card) -> String {
        let mut bytes = [0; CONTENT_BYTES + CODE_BYTES];
        let (content, code) = bytes.split_at_mut(CONTENT_BYTES);
        content.copy_from_slice(&card.content());
        code.copy_from_slice(&self.code(content));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    pub(crate) fn open(&self, text: &str) -> Result<Card, InvalidCard> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidCard)?;
        let content: &[u8; CONTENT_BYTES] = bytes.first_chunk().ok_or(InvalidCard)?;
        if bytes.len() != CONTENT_BYTES + CODE_BYTES {
            return Err(InvalidCard);
        }
        self.code
            .clone()
            .chain_update(content)
            .verify_truncated_left(&bytes[CONTENT_BYTES..])
            .map_err(|_| InvalidCard)?;
        Card::of_content(content).ok_or(InvalidCard)
    }

    fn code(&self, content: &[u8]) -> [u8; CODE_BYTES] {
        let code = self.code.clone().chain_update(content).finalize().into_bytes();
        *code.first_chunk().expect("a SHA-256 has more than eight bytes")
    }
}

impl Card {
    fn content(&self) -> [u8; CONTENT_BYTES] {
        let mut content = [0; CONTENT_BYTES];
        content[0] = VERSION;
        content[1] = self.row.number();
        content[2] = self.position;
        content[3..9].copy_from_slice(&self.title.0);
        content[9..15].copy_from_slice(&self.subject.0);
        content[15..19].copy_from_slice(&self.known_s.to_be_bytes());
        content[19..23].copy_from_slice(&self.model);
        content
    }

    fn of_content(content: &[u8; CONTENT_BYTES]) -> Option<Self> {
        let six = |from: usize| content[from..from + 6].try_into().map(Mark).ok();
        let four = |from: usize| -> Option<[u8; 4]> { content[from..from + 4].try_into().ok() };
        (content[0] == VERSION).then_some(())?;
        Some(Self {
            row: RowKind::of_number(content[1])?,
            position: content[2],
            title: six(3)?,
            subject: six(9)?,
            known_s: u32::from_be_bytes(four(15)?),
            model: four(19)?,
        })
    }
}

/// A model's version as cards name it.
pub(crate) fn model_mark(version: &str) -> [u8; 4] {
    let Mark([a, b, c, d, ..]) = Mark::of(version);
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn card(title: &str, position: u8, known_s: u32) -> Card {
        let (title, subject) = (Mark::of(title), Mark::of("genre"));
        Card { title, row: RowKind::Because, subject, position, known_s, model: model_mark("m-1") }
    }

    proptest! {
        #[test]
        fn a_card_comes_back_as_it_was_and_only_to_its_profile(title in ".{0,30}", position: u8, known_s: u32, profile in "[a-z0-9-]{1,40}") {
            let signer = Signer::new(b"secret", &profile);
            let card = card(&title, position, known_s);
            let text = signer.sign(&card);
            prop_assert_eq!(signer.open(&text), Ok(card));
            prop_assert_eq!(Signer::new(b"secret", &format!("{profile}x")).open(&text), Err(InvalidCard));
            prop_assert_eq!(Signer::new(b"another", &profile).open(&text), Err(InvalidCard));
        }

        #[test]
        fn changed_and_foreign_cards_are_refused(text in ".{0,60}", at: prop::sample::Index, to in "[A-Za-z0-9_-]") {
            let signer = Signer::new(b"secret", "p-1");
            prop_assert_eq!(signer.open(&text), Err(InvalidCard));
            let ours = signer.sign(&card("t", 3, 5));
            let at = at.index(ours.len());
            prop_assume!(ours[at..=at] != to);
            let changed = format!("{}{to}{}", &ours[..at], &ours[at + 1..]);
            prop_assert_ne!(signer.open(&changed), Ok(card("t", 3, 5)));
        }
    }

    #[test]
    fn a_card_is_short() {
        assert!(Signer::new(b"secret", "p-1").sign(&card("a title", 0, 0)).len() <= 42);
    }
}
