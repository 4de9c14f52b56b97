//! Names of pictures that cannot be guessed.
//!
//! A page asks for images without a token, so the rule of who may see a title has nobody to look at there. What stands in
//! is that only an answer the viewer was allowed to read names the picture: sixteen hex digits of what it shows, and
//! sixteen of HMAC-SHA256 over whose it is. The same for everybody and for ever, so caches of any kind may keep it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::Role;

/// Letters of a hash and of a seal.
const LETTERS: usize = 16;

/// Seals and opens names. All instances of a catalog share the key.
#[derive(Clone)]
pub struct Seals {
    key: [u8; 32],
}

impl Seals {
    /// From the secret that all instances of a catalog share; what else is signed with it cannot be mistaken for a seal.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The name of a picture: what it shows, sealed.
    pub fn name(&self, subject: &str, role: Role, hash: &str) -> String {
        let seal = self.mac(subject, role, hash).finalize().into_bytes();
        let seal = seal.iter().take(LETTERS / 2).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("{hash}{seal:016x}")
    }

    /// The hash in a name that was made here for this subject and role.
    pub fn open<'n>(&self, subject: &str, role: Role, name: &'n str) -> Option<&'n str> {
        let is_hex = name.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase());
        if name.len() != 2 * LETTERS || !is_hex {
            return None;
        }
        let (hash, seal) = name.split_at(LETTERS);
        let seal = u64::from_str_radix(seal, 16).ok()?.to_be_bytes();
        self.mac(subject, role, hash).verify_truncated_left(&seal).ok().map(|()| hash)
    }

    fn mac(&self, subject: &str, role: Role, hash: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        // Ids have no zero byte, and cursors begin with a digit and a line break.
        for part in ["image", subject, role.as_str(), hash] {
            mac.update(part.as_bytes());
            mac.update(&[0]);
        }
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "0123456789abcdef";

    #[test]
    fn a_name_opens_where_it_was_made_for_and_nowhere_else() {
        let seals = Seals::new([7; 32]);
        let name = seals.name("sintel", Role::Poster, HASH);
        assert_eq!(seals.open("sintel", Role::Poster, &name), Some(HASH));
        assert_eq!(seals.open("sintel", Role::Backdrop, &name), None);
        assert_eq!(seals.open("spring", Role::Poster, &name), None);
        assert_eq!(Seals::new([8; 32]).open("sintel", Role::Poster, &name), None);
        assert_eq!(seals.name("sintel", Role::Poster, HASH), name, "the same for ever");
    }

    #[test]
    fn nothing_near_a_name_opens() {
        let seals = Seals::new([7; 32]);
        let name = seals.name("sintel", Role::Poster, HASH);
        for at in 0..name.len() {
            let mut other = name.clone().into_bytes();
            other[at] = if other[at] == b'0' { b'1' } else { b'0' };
            let other = String::from_utf8(other).expect("hex");
            assert_eq!(seals.open("sintel", Role::Poster, &other), None, "{other}");
        }
        for other in ["", HASH, &name.to_uppercase(), &format!("{name}0"), &name[1..], "zz"] {
            assert_eq!(seals.open("sintel", Role::Poster, other), None, "{other}");
        }
    }
}
