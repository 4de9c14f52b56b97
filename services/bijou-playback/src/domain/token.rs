//! Playback tokens: who may fetch one asset's manifests and segments, until when.
//!
//! A token stands in the path (`/s/{asset}/{token}/...`), because native players send no headers and a query would be
//! lost on relative URLs. It is a statement of ours under an HMAC-SHA256, checked without a database: key id, what is
//! granted, and the code over both. Any instance that knows the key agrees.
//! Left out: CWT and the Common Access Token of CTA-5007, which add renewal and URL matching; the seam is this file.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

/// Keeps a code made here from ever counting as one made for another purpose with the same key.
const PURPOSE: &[u8] = b"bijou playback token 1\0";

/// Longest token that is looked at, in bytes.
const TOKEN_MAX: usize = 512;

/// Longest account id, and longest profile id, a token can carry, in bytes.
const ID_MAX: usize = 128;

/// Between the account and the profile; ids have no such character.
const SEPARATOR: char = '\0';

/// A signing key. The id is public, it stands in every token.
#[derive(Clone)]
pub struct Key {
    pub id: String,
    pub secret: [u8; 32],
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What a token grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub asset: Uuid,
    pub session: Uuid,
    pub account: String,
    /// `None`: the account as a whole.
    pub profile: Option<String>,
    /// Seconds since 1970.
    pub expires_s: u64,
}

/// Why a token opens nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the token is malformed")]
    Malformed,
    /// Worth a look at the store: another instance may have rotated the keys.
    #[error("the token is signed with the unknown key `{0}`")]
    UnknownKey(String),
    #[error("the token's signature is wrong")]
    Forged,
    #[error("the token expired {0} s ago")]
    Expired(u64),
    #[error("the token is for another asset")]
    OtherAsset,
}

/// Makes a token of three parts without padding or characters that a path would escape: `key.grant.code`.
pub fn seal(key: &Key, grant: &Grant) -> String {
    let mut body = Vec::with_capacity(104 + grant.account.len());
    body.extend(grant.expires_s.to_be_bytes());
    body.extend(grant.asset.as_bytes());
    body.extend(grant.session.as_bytes());
    body.extend(grant.account.as_bytes());
    if let Some(profile) = &grant.profile {
        body.push(SEPARATOR as u8);
        body.extend(profile.as_bytes());
    }
    let code = code(key, &body).finalize().into_bytes();
    format!("{}.{}.{}", key.id, URL_SAFE_NO_PAD.encode(&body), URL_SAFE_NO_PAD.encode(code))
}

/// Checks a token against the keys that are still good, and that it is for `asset` at `now_s`.
pub fn open(token: &str, keys: &[Key], asset: Uuid, now_s: u64) -> Result<Grant, TokenError> {
    if token.len() > TOKEN_MAX {
        return Err(TokenError::Malformed);
    }
    let mut parts = token.split('.');
    let (Some(id), Some(body), Some(given), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(TokenError::Malformed);
    };
    let body = URL_SAFE_NO_PAD.decode(body).map_err(|_| TokenError::Malformed)?;
    let given = URL_SAFE_NO_PAD.decode(given).map_err(|_| TokenError::Malformed)?;
    let key = keys.iter().find(|key| key.id == id).ok_or_else(|| TokenError::UnknownKey(id.to_owned()))?;
    // Compared in constant time by the crate.
    code(key, &body).verify_slice(&given).map_err(|_| TokenError::Forged)?;
    let grant = read(&body).ok_or(TokenError::Malformed)?;
    if grant.expires_s <= now_s {
        return Err(TokenError::Expired(now_s - grant.expires_s));
    }
    if grant.asset != asset {
        return Err(TokenError::OtherAsset);
    }
    Ok(grant)
}

fn code(key: &Key, body: &[u8]) -> Hmac<Sha256> {
    let mut code = Hmac::<Sha256>::new_from_slice(&key.secret).expect("HMAC takes a key of any length");
    code.update(PURPOSE);
    code.update(key.id.as_bytes());
    code.update(b"\0");
    code.update(body);
    code
}

fn read(body: &[u8]) -> Option<Grant> {
    let (expires, rest) = body.split_first_chunk::<8>()?;
    let (asset, rest) = rest.split_first_chunk::<16>()?;
    let (session, ids) = rest.split_first_chunk::<16>()?;
    let ids = std::str::from_utf8(ids).ok()?;
    let (account, profile) = match ids.split_once(SEPARATOR) {
        Some((account, profile)) => (account, Some(profile)),
        None => (ids, None),
    };
    if account.len() > ID_MAX || profile.is_some_and(|profile| profile.len() > ID_MAX) {
        return None;
    }
    Some(Grant {
        expires_s: u64::from_be_bytes(*expires),
        asset: Uuid::from_bytes(*asset),
        session: Uuid::from_bytes(*session),
        account: account.to_owned(),
        profile: profile.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(id: &str) -> Key {
        Key { id: id.to_owned(), secret: [id.len() as u8; 32] }
    }

    fn grant() -> Grant {
        Grant {
            asset: Uuid::from_u128(7),
            session: Uuid::from_u128(9),
            account: "acc-1".to_owned(),
            profile: Some("kim".to_owned()),
            expires_s: 1000,
        }
    }

    #[track_caller]
    fn check(token: &str, asset: u128, now_s: u64, expected: Result<Grant, TokenError>) {
        assert_eq!(open(token, &[key("k1"), key("k22")], Uuid::from_u128(asset), now_s), expected);
    }

    #[test]
    fn a_token_opens_its_asset_until_the_second_it_expires() {
        let token = seal(&key("k1"), &grant());
        check(&token, 7, 0, Ok(grant()));
        check(&token, 7, 999, Ok(grant()));
        check(&token, 7, 1000, Err(TokenError::Expired(0)));
        check(&token, 8, 0, Err(TokenError::OtherAsset));
    }

    #[test]
    fn a_key_that_is_gone_opens_nothing() {
        check(&seal(&key("k333"), &grant()), 7, 0, Err(TokenError::UnknownKey("k333".to_owned())));
    }

    #[test]
    fn the_key_id_is_under_the_signature_too() {
        let token = seal(&key("k1"), &grant()).replacen("k1", "k22", 1);
        check(&token, 7, 0, Err(TokenError::Forged));
    }

    #[test]
    fn what_is_no_token_is_malformed() {
        for token in ["", "a", "a.b", "a.b.c.d", "k1.!!.AA", &"x".repeat(600)] {
            check(token, 7, 0, Err(TokenError::Malformed));
        }
    }

    proptest! {
        #[test]
        fn every_grant_survives_the_round_trip(
            asset: u128,
            session: u128,
            account in "[a-z0-9-]{0,64}",
            profile in prop::option::of("[a-z0-9-]{0,64}"),
            expires_s in 1_u64..,
        ) {
            let (asset, session) = (Uuid::from_u128(asset), Uuid::from_u128(session));
            let grant = Grant { asset, session, account, profile, expires_s };
            let token = seal(&key("k1"), &grant);
            prop_assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)));
            prop_assert_eq!(open(&token, &[key("k1")], grant.asset, expires_s - 1), Ok(grant));
        }

        #[test]
        fn no_changed_character_passes(at in 0_usize..200, replacement in "[A-Za-z0-9_-]") {
            let token = seal(&key("k1"), &grant());
            let at = at % token.len();
            let mut changed = token.clone();
            changed.replace_range(at..=at, &replacement);
            // The last character of a part carries unused bits only if the decoder tolerates them; ours does not.
            prop_assume!(changed != token);
            prop_assert!(open(&changed, &[key("k1")], Uuid::from_u128(7), 0).is_err());
        }

        #[test]
        fn any_text_has_an_answer(text in ".{0,80}") {
            prop_assert!(open(&text, &[key("k1")], Uuid::from_u128(7), 0).is_err());
        }
    }
}
