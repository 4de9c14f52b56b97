//! The signing keys of all instances: in the database, with a copy here.
//!
//! An instance looks for changes every half minute (`tasks.rs`). That is enough because a key is published a day
//! before it signs: by then every instance has it, whoever made it.

use std::sync::{Mutex, MutexGuard};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bijou_store::StoreError;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use rand::Rng;
use serde_json::{Value, json};

use crate::domain::keys::{KeyTimes, Schedule, plan};
use crate::store::Store;
use crate::store::keys::StoredKey;

/// PKCS#8 of an Ed25519 key up to its 32 bytes (RFC 8410, section 7).
const PKCS8_HEAD: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyRingError {
    #[error("no signing key is loaded")]
    NoKey,
    #[error("failed to sign")]
    Sign(#[source] jsonwebtoken::errors::Error),
    #[error("signing key {generation} in the store does not read")]
    Unreadable { generation: i64 },
    #[error("failed to use the store of signing keys")]
    Store(#[from] StoreError),
}

pub(crate) struct KeyRing {
    store: Store,
    schedule: Schedule,
    keys: Mutex<Vec<Key>>,
}

struct Key {
    times: KeyTimes,
    kid: String,
    signing: EncodingKey,
    public: Jwk,
}

impl KeyRing {
    pub(crate) fn new(store: Store, schedule: Schedule) -> Self {
        Self { store, schedule, keys: Mutex::new(Vec::new()) }
    }

    /// Takes over what is in the store, makes the next key when it is time, and forgets old ones.
    pub(crate) async fn maintain(&self, now_ms: i64) -> Result<(), KeyRingError> {
        let mut stored = self.store.signing_keys().await?;
        let planned = plan(&times(&stored), now_ms, &self.schedule);
        if let Some(times) = planned.create {
            let seed = new_seed();
            let kid = Key::read(times, &seed)?.kid;
            let key = StoredKey { times, kid, seed, created_ms: now_ms };
            // Another instance may have been quicker: then its key is the one.
            if self.store.add_signing_key(&key).await? {
                tracing::info!(key.id = key.kid, key.generation = times.generation, "made signing key `{}`", key.kid);
            }
            stored = self.store.signing_keys().await?;
        }
        for generation in &planned.forget {
            self.store.remove_signing_key(*generation).await?;
        }
        stored.retain(|key| !planned.forget.contains(&key.times.generation));
        let keys = stored.iter().map(|key| Key::read(key.times, &key.seed)).collect::<Result<_, _>>()?;
        *self.lock() = keys;
        Ok(())
    }

    /// Does something with the key that signs now.
    pub(crate) fn with_signing_key<T>(
        &self,
        now_ms: i64,
        work: impl FnOnce(&str, &EncodingKey) -> Result<T, KeyRingError>,
    ) -> Result<T, KeyRingError> {
        let keys = self.lock();
        let all: Vec<_> = keys.iter().map(|key| key.times).collect();
        let signing = plan(&all, now_ms, &self.schedule).signing.ok_or(KeyRingError::NoKey)?;
        let key = keys.iter().find(|key| key.times.generation == signing).ok_or(KeyRingError::NoKey)?;
        work(&key.kid, &key.signing)
    }

    /// The key of a token, if it is one of ours that is not forgotten.
    pub(crate) fn verifying_key(&self, kid: &str) -> Option<DecodingKey> {
        let keys = self.lock();
        let key = keys.iter().find(|key| key.kid == kid)?;
        DecodingKey::from_jwk(&key.public).ok()
    }

    /// The key set to publish: keys that sign, that will, and that did lately.
    pub(crate) fn jwks(&self) -> Value {
        json!({ "keys": self.lock().iter().map(|key| &key.public).collect::<Vec<_>>() })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Key>> {
        self.keys.lock().expect("nothing panics while it is held")
    }
}

impl Key {
    fn read(times: KeyTimes, seed: &str) -> Result<Self, KeyRingError> {
        let unreadable = || KeyRingError::Unreadable { generation: times.generation };
        let seed: [u8; 32] =
            URL_SAFE_NO_PAD.decode(seed).ok().and_then(|seed| seed.try_into().ok()).ok_or_else(unreadable)?;
        let signing = EncodingKey::from_ed_der(&[PKCS8_HEAD.as_slice(), &seed].concat());
        let mut public = Jwk::from_encoding_key(&signing, Algorithm::EdDSA).map_err(|_| unreadable())?;
        let kid = public.thumbprint(ThumbprintHash::SHA256).map_err(|_| unreadable())?;
        public.common.key_id = Some(kid.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self { times, kid, signing, public })
    }
}

fn times(keys: &[StoredKey]) -> Vec<KeyTimes> {
    keys.iter().map(|key| key.times).collect()
}

fn new_seed() -> String {
    let mut seed = [0_u8; 32];
    rand::rng().fill_bytes(&mut seed);
    URL_SAFE_NO_PAD.encode(seed)
}
