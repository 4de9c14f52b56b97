//! API keys: what they look like, and what is kept of them.
//!
//! `bjs_` (sandbox), `bjp_` (production), `bjc_` (the secret of a client) or `bjt_` (a token), 32 letters and digits of randomness (190 bits), 6 of a checksum. Prefix and
//! checksum let a leaked key be found in source code and logs without asking anybody; the checksum also tells a typing
//! mistake from a key that was revoked. A key is shown once. Kept are its SHA-256, which is enough for something nobody can
//! guess, and its first letters, by which its owner knows it.

use rand::{Rng, RngExt};
use sha2::{Digest, Sha256};

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM: usize = 32;
const CHECK: usize = 6;
/// Letters that may be shown: the prefix and four more.
const HINT: usize = 8;

/// What a key opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Environment {
    /// Reads what is there, slowly; made by anybody.
    Sandbox,
    /// After an operator's approval.
    Production,
    /// After an operator's approval too; opens nothing itself, but gets tokens that do.
    Client,
}

impl Environment {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Production => "production",
            Self::Client => "client",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Sandbox, Self::Production, Self::Client].into_iter().find(|one| one.as_str() == text)
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::Sandbox => "bjs_",
            Self::Production => "bjp_",
            Self::Client => "bjc_",
        }
    }
}

/// A key that was just made, the only time its text is there.
pub(crate) struct NewKey {
    pub(crate) text: String,
    pub(crate) hint: String,
    pub(crate) hash: String,
}

impl NewKey {
    pub(crate) fn make(environment: Environment, random: &mut impl Rng) -> Self {
        Self::with_prefix(environment.prefix(), random)
    }

    /// A token, which is a key for minutes.
    pub(crate) fn token(random: &mut impl Rng) -> Self {
        Self::with_prefix("bjt_", random)
    }

    fn with_prefix(prefix: &str, random: &mut impl Rng) -> Self {
        let mut text = prefix.to_owned();
        text.extend((0..RANDOM).map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())])));
        let check = checksum(&text);
        text.push_str(&check);
        Self { hint: text[..HINT].to_owned(), hash: hash(&text), text }
    }
}

/// Hash of a key under which it is kept, `None` for a text that never was one.
pub(crate) fn known_as(text: &str) -> Option<String> {
    let is_long_enough = text.is_ascii() && text.len() == "bjs_".len() + RANDOM + CHECK;
    let (body, check) = is_long_enough.then(|| text.split_at(text.len() - CHECK))?;
    (checksum(body) == check).then(|| hash(text))
}

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::with_capacity(64), |mut hex, byte| {
        hex.push(char::from_digit(u32::from(byte >> 4), 16).expect("four bits"));
        hex.push(char::from_digit(u32::from(byte & 15), 16).expect("four bits"));
        hex
    })
}

/// The first 35 bits of another hash, in the key's own letters.
fn checksum(body: &str) -> String {
    let digest = Sha256::digest(format!("bijou key {body}"));
    let mut number = u64::from_be_bytes(digest[..8].try_into().expect("eight of thirty-two bytes"));
    (0..CHECK)
        .map(|_| {
            let letter = LETTERS[(number % LETTERS.len() as u64) as usize];
            number /= LETTERS.len() as u64;
            char::from(letter)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn a_key_is_known_by_its_hash_and_shows_its_kind() {
        let key = NewKey::make(Environment::Sandbox, &mut StdRng::seed_from_u64(7));
        assert!(key.text.starts_with("bjs_") && key.text.starts_with(&key.hint), "{}", key.text);
        assert_eq!(known_as(&key.text), Some(key.hash));
        assert_eq!(key.text.len(), 42);
    }

    proptest! {
        #[test]
        fn a_mistyped_key_never_was_one(seed: u64, place in 0_usize..42, letter in 0_usize..62) {
            let key = NewKey::make(Environment::Production, &mut StdRng::seed_from_u64(seed)).text;
            let mut typed = key.clone().into_bytes();
            typed[place] = LETTERS[letter];
            let typed = String::from_utf8(typed).expect("ASCII");
            prop_assert_eq!(known_as(&typed).is_some(), typed == key);
        }

        #[test]
        fn no_text_makes_it_stumble(text: String) {
            prop_assert_eq!(known_as(&text), None);
        }
    }
}
