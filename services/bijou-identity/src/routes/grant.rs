//! Refresh tokens and device codes as they are given out: 256 random bits, remembered only as a hash.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::Rng;
use sha2::{Digest, Sha256};

/// So that leaked ones can be found by those who look for such things.
const REFRESH_PREFIX: &str = "bjr_";
const DEVICE_PREFIX: &str = "bjd_";

/// A new refresh token and its hash.
pub(crate) fn new_token() -> (String, String) {
    new(REFRESH_PREFIX)
}

/// A new device code and its hash.
pub(crate) fn new_device_code() -> (String, String) {
    new(DEVICE_PREFIX)
}

fn new(prefix: &str) -> (String, String) {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    let token = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes));
    let hash = hash(&token);
    (token, hash)
}

/// The hash a token is remembered by. No salt and no cost are needed for what cannot be guessed.
pub(crate) fn hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token))
}
