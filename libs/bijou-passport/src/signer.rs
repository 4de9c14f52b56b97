//! The signing side: a key pair made at start that never leaves the process.

use std::time::SystemTime;

use ed25519_dalek::SigningKey;
use serde_json::Value;

use crate::keys::key_set;
use crate::{Claims, PublicKey, jws};

/// Signs passports as one application.
pub struct Signer {
    issuer: String,
    key: SigningKey,
    public: PublicKey,
    encoded_header: String,
}

impl Signer {
    /// Makes a key pair for `issuer`, an application name in capitals.
    pub fn generate(issuer: &str) -> Self {
        let key = SigningKey::generate(&mut rand::rng());
        let public = PublicKey::new(key.verifying_key());
        let encoded_header = jws::encoded_header(public.kid());
        Self { issuer: issuer.to_owned(), key, public, encoded_header }
    }

    /// Signs a passport valid for [`crate::LIFETIME`] from `now`; `iss`, `iat` and `exp` of `claims` are replaced.
    pub fn issue(&self, claims: &Claims, now: SystemTime) -> String {
        jws::sign(&self.encoded_header, &claims.stamped(&self.issuer, now), &self.key)
    }

    /// The application it signs as.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The key set to publish at [`crate::KEYS_PATH`].
    pub fn jwks(&self) -> Value {
        key_set([&self.public])
    }
}

/// Names the key, never shows it.
impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("issuer", &self.issuer).field("kid", &self.public.kid()).finish_non_exhaustive()
    }
}
