//! Token keys as this instance knows them: the newest signs, all that live tokens may carry verify.
//!
//! The store is the truth; this is a copy that is read again when a token names a key it lacks, at most once a second,
//! so that noise in the path costs no queries.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use bijou_store::StoreError;
use rand::Rng as _;
use uuid::Uuid;

use crate::domain::token::{self, Grant, Key, TokenError};
use crate::media::hex;
use crate::store::Store;

/// How often a new key is made, in milliseconds.
const ROTATE_MS: i64 = 24 * 3600 * 1000;

/// How often the store is asked for unknown keys at most, in milliseconds.
const LOOK_EVERY_MS: i64 = 1000;

/// The keys. Shared by all requests.
#[derive(Debug)]
pub struct Keyring {
    store: Store,
    /// How long tokens live, in milliseconds.
    token_ms: i64,
    /// Newest first, with the time each was made.
    keys: RwLock<Arc<Vec<(Key, i64)>>>,
    looked_ms: Mutex<i64>,
}

/// Why a token was refused.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error("failed to read the token keys")]
    Store(#[from] StoreError),
}

impl Keyring {
    pub fn new(store: Store, token_ms: i64) -> Self {
        Self { store, token_ms, keys: RwLock::default(), looked_ms: Mutex::new(i64::MIN) }
    }

    /// Makes a token; if the newest key is too old or there is none, a new one first.
    pub async fn seal(&self, grant: &Grant, now_ms: i64) -> Result<String, StoreError> {
        self.rotate(now_ms).await?;
        match self.known().first() {
            Some((key, _)) => Ok(token::seal(key, grant)),
            // Only if somebody deletes keys while we look at them.
            None => Err(sqlx::Error::RowNotFound.into()),
        }
    }

    /// Checks a token for an asset.
    pub async fn open(&self, token: &str, asset: Uuid, now_ms: i64) -> Result<Grant, OpenError> {
        let now_s = u64::try_from(now_ms / 1000).unwrap_or(0);
        match self.open_with_known(token, asset, now_s) {
            Err(TokenError::UnknownKey(_)) if self.may_look(now_ms) => {
                self.load(now_ms).await?;
                Ok(self.open_with_known(token, asset, now_s)?)
            }
            outcome => Ok(outcome?),
        }
    }

    /// Makes sure there is a fresh key, and forgets those no live token can carry.
    pub async fn rotate(&self, now_ms: i64) -> Result<(), StoreError> {
        if self.has_fresh_key(now_ms) {
            return Ok(());
        }
        self.load(now_ms).await?;
        if self.has_fresh_key(now_ms) {
            return Ok(());
        }
        let mut random = [0; 36];
        rand::rng().fill_bytes(&mut random);
        let (id, secret) = random.split_at(4);
        let key = Key { id: hex(id), secret: secret.try_into().expect("36 bytes less 4 are 32") };
        if self.store.add_token_key(&key, now_ms, now_ms - ROTATE_MS).await? {
            tracing::info!(key.id = key.id, "made a new playback token key");
        }
        self.store.forget_token_keys(self.oldest_useful(now_ms)).await?;
        self.load(now_ms).await
    }

    fn open_with_known(&self, token: &str, asset: Uuid, now_s: u64) -> Result<Grant, TokenError> {
        let known = self.known();
        let keys: Vec<Key> = known.iter().map(|(key, _)| key.clone()).collect();
        token::open(token, &keys, asset, now_s)
    }

    fn known(&self) -> Arc<Vec<(Key, i64)>> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn has_fresh_key(&self, now_ms: i64) -> bool {
        self.known().first().is_some_and(|(_, created_ms)| *created_ms > now_ms - ROTATE_MS)
    }

    async fn load(&self, now_ms: i64) -> Result<(), StoreError> {
        let keys = self.store.token_keys(self.oldest_useful(now_ms)).await?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        Ok(())
    }

    /// A key signs for one rotation, and what it signed last lives for one token's life more.
    fn oldest_useful(&self, now_ms: i64) -> i64 {
        now_ms - ROTATE_MS - self.token_ms
    }

    fn may_look(&self, now_ms: i64) -> bool {
        let mut looked_ms = self.looked_ms.lock().unwrap_or_else(PoisonError::into_inner);
        if now_ms.saturating_sub(*looked_ms) < LOOK_EVERY_MS {
            return false;
        }
        *looked_ms = now_ms;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3600 * 1000;
    const NOW: i64 = 1_800_000_000_000;

    fn grant(now_ms: i64) -> Grant {
        let expires_s = u64::try_from((now_ms + HOUR_MS) / 1000).expect("positive");
        let (asset, session) = (Uuid::from_u128(1), Uuid::from_u128(2));
        Grant { asset, session, account: "a".to_owned(), profile: None, expires_s }
    }

    async fn two_instances() -> (Keyring, Keyring, tempfile::TempDir) {
        let folder = tempfile::tempdir().expect("a folder");
        let url = bijou_store::sqlite_url(&folder.path().join("playback.sqlite"));
        let store = Store::open(&url).await.expect("opens");
        (Keyring::new(store.clone(), HOUR_MS), Keyring::new(store, HOUR_MS), folder)
    }

    #[tokio::test]
    async fn what_one_instance_signs_another_verifies() {
        let (one, other, _folder) = two_instances().await;
        let token = one.seal(&grant(NOW), NOW).await.expect("sealed");
        assert_eq!(other.open(&token, Uuid::from_u128(1), NOW).await.expect("opened").account, "a");
        // Both sign with the same key: the second found the first one's.
        let again = other.seal(&grant(NOW), NOW + 1).await.expect("sealed");
        assert_eq!(again.split('.').next(), token.split('.').next());
    }

    #[tokio::test]
    async fn a_rotated_key_verifies_until_its_last_token_has_expired() {
        let (one, other, _folder) = two_instances().await;
        let token = one.seal(&grant(NOW), NOW).await.expect("sealed");
        let later = NOW + ROTATE_MS + 1;
        let fresh = one.seal(&grant(later), later).await.expect("sealed");
        assert_ne!(fresh.split('.').next(), token.split('.').next());
        assert!(other.open(&fresh, Uuid::from_u128(1), later).await.is_ok());
        // Known still, so that the answer can say "expired" instead of "forged".
        let answer = one.open(&token, Uuid::from_u128(1), later).await;
        assert!(matches!(answer, Err(OpenError::Token(TokenError::Expired(_)))), "{answer:?}");
    }

    #[tokio::test]
    async fn unknown_keys_ask_the_store_once_a_second() {
        let (one, _, _folder) = two_instances().await;
        one.rotate(NOW).await.expect("rotated");
        assert!(one.may_look(NOW));
        assert!(!one.may_look(NOW + 999));
        assert!(one.may_look(NOW + 1000));
    }
}
