//! Public keys, the key set they are published in (RFC 7517), and where a verifier gets them from.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::VerifyingKey;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::KeySourceError;
use crate::jws::ALGORITHM;

/// Most keys taken from one key set.
const KEYS_MAX: usize = 32;

/// A signer's public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    kid: String,
    key: VerifyingKey,
}

impl PublicKey {
    pub(crate) fn new(key: VerifyingKey) -> Self {
        Self { kid: thumbprint(&key), key }
    }

    /// The key's name: its RFC 7638 thumbprint, so that two keys never share one by accident.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    pub(crate) fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// The key as a JSON Web Key (RFC 8037).
    pub fn to_jwk(&self) -> Value {
        json!({
            "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(self.key.as_bytes()),
            "kid": self.kid, "alg": ALGORITHM, "use": "sig",
        })
    }

    /// Reads a published key set. Keys of other kinds are skipped, so that a signer may publish more than we know.
    ///
    /// The name is computed, not read: whoever publishes a key cannot give it another one's name.
    pub fn read_set(body: &[u8]) -> Result<Vec<Self>, KeySourceError> {
        let set: Value =
            serde_json::from_slice(body).map_err(|error| KeySourceError::caused_by("key set is not JSON", error))?;
        let keys = set["keys"].as_array().ok_or_else(|| KeySourceError::new("key set has no `keys`"))?;
        Ok(keys.iter().take(KEYS_MAX).filter_map(Self::read).collect())
    }

    fn read(jwk: &Value) -> Option<Self> {
        if jwk["kty"] != "OKP" || jwk["crv"] != "Ed25519" {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(jwk["x"].as_str()?).ok()?;
        let key = VerifyingKey::from_bytes(&bytes.try_into().ok()?).ok()?;
        // Anybody can sign for a key of small order.
        (!key.is_weak()).then(|| Self::new(key))
    }
}

/// A key set document with these keys.
pub(crate) fn key_set<'a>(keys: impl IntoIterator<Item = &'a PublicKey>) -> Value {
    json!({ "keys": keys.into_iter().map(PublicKey::to_jwk).collect::<Vec<_>>() })
}

fn thumbprint(key: &VerifyingKey) -> String {
    let x = URL_SAFE_NO_PAD.encode(key.as_bytes());
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(canonical))
}

/// What [`KeySource::keys`] returns.
pub type KeyFuture<'a> = Pin<Box<dyn Future<Output = Result<Vec<PublicKey>, KeySourceError>> + Send + 'a>>;

/// Where the keys of an application come from: in the platform, its live instances as found in the registry.
pub trait KeySource: Send + Sync + 'static {
    /// The keys all live instances of `issuer` publish now. The verifier limits how often it asks.
    fn keys<'a>(&'a self, issuer: &'a str) -> KeyFuture<'a>;
}

/// A source that knows its keys beforehand and counts how often it is asked: for tests and for the one process mode.
#[derive(Debug, Default)]
pub struct StaticKeys {
    inner: Mutex<Static>,
}

#[derive(Debug, Default)]
struct Static {
    keys: HashMap<String, Vec<PublicKey>>,
    asked: usize,
}

impl StaticKeys {
    /// No keys at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Publishes one more key of `issuer`.
    pub fn add(&self, issuer: &str, key: PublicKey) {
        self.lock().keys.entry(issuer.to_owned()).or_default().push(key);
    }

    /// Withdraws all keys of `issuer`.
    pub fn remove(&self, issuer: &str) {
        self.lock().keys.remove(issuer);
    }

    /// How often keys were asked for.
    pub fn asked(&self) -> usize {
        self.lock().asked
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Static> {
        self.inner.lock().expect("nothing panics while it is held")
    }
}

impl KeySource for StaticKeys {
    fn keys<'a>(&'a self, issuer: &'a str) -> KeyFuture<'a> {
        let mut inner = self.lock();
        inner.asked += 1;
        let keys = inner.keys.get(issuer).cloned().unwrap_or_default();
        Box::pin(std::future::ready(Ok(keys)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 8037, appendix A.2, and its thumbprint of appendix A.3.
    const RFC_X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    const RFC_KID: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

    fn read(jwk: Value) -> Vec<PublicKey> {
        PublicKey::read_set(json!({ "keys": [jwk] }).to_string().as_bytes()).expect("a key set")
    }

    #[test]
    fn the_thumbprint_is_the_one_of_the_rfc() {
        let keys = read(json!({ "kty": "OKP", "crv": "Ed25519", "x": RFC_X, "kid": "something else" }));
        assert_eq!(keys[0].kid(), RFC_KID);
    }

    #[test]
    fn keys_of_other_kinds_and_weak_keys_are_skipped() {
        let weak = URL_SAFE_NO_PAD.encode({
            let mut identity = [0_u8; 32];
            identity[0] = 1;
            identity
        });
        for jwk in [
            json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" }),
            json!({ "kty": "OKP", "crv": "X25519", "x": RFC_X }),
            json!({ "kty": "OKP", "crv": "Ed25519", "x": "AAAA" }),
            json!({ "kty": "OKP", "crv": "Ed25519", "x": weak }),
            json!("not an object"),
        ] {
            assert!(read(jwk.clone()).is_empty(), "{jwk} was taken");
        }
    }

    #[test]
    fn what_is_published_can_be_read_back() {
        let keys = read(json!({ "kty": "OKP", "crv": "Ed25519", "x": RFC_X }));
        let again = PublicKey::read_set(key_set(&keys).to_string().as_bytes()).expect("own key set");
        assert_eq!(again, keys);
    }
}
