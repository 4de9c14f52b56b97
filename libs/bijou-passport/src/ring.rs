//! The keys a verifier knows, and when it may ask for more.
//!
//! An unknown key is normal (an instance has just started) and also what a forger causes at will. So asking is limited
//! per issuer, and callers that arrive during a fetch wait for it instead of failing or fetching again.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use arc_swap::ArcSwap;
use bijou_resilience::{Pace, Quota};

use crate::{KeySource, PublicKey, VerifyError};

/// Fetches per issuer: three at once (a rolling restart), then one every two seconds.
const FETCHES: NonZeroU32 = NonZeroU32::new(3).expect("three is not zero");
const FETCHES_PER: Duration = Duration::from_secs(6);

/// Most issuers remembered. Issuers are application names; more means somebody invents them.
const ISSUERS_MAX: usize = 64;

pub(crate) struct KeyRing {
    source: Arc<dyn KeySource>,
    quota: Quota,
    keys: ArcSwap<HashMap<String, Vec<PublicKey>>>,
    fetches: Mutex<HashMap<String, Arc<tokio::sync::Mutex<Pace>>>>,
    /// One pair of instants that belong together: the limit runs on the caller's clock.
    epoch: (Instant, SystemTime),
}

impl KeyRing {
    pub(crate) fn new(source: Arc<dyn KeySource>) -> Self {
        Self {
            source,
            quota: Quota::new(FETCHES, FETCHES_PER),
            keys: ArcSwap::from_pointee(HashMap::new()),
            fetches: Mutex::new(HashMap::new()),
            epoch: (Instant::now(), SystemTime::UNIX_EPOCH),
        }
    }

    /// The key, fetched if need be and allowed.
    pub(crate) async fn find(&self, issuer: &str, kid: &str, now: SystemTime) -> Result<PublicKey, VerifyError> {
        if let Some(key) = self.known(issuer, kid) {
            return Ok(key);
        }
        let unknown = || VerifyError::UnknownKey { issuer: issuer.to_owned(), kid: kid.to_owned() };
        let turn = self.turn(issuer).ok_or_else(unknown)?;
        let mut pace = turn.lock().await;
        // Whoever held the turn before us may have brought it.
        if let Some(key) = self.known(issuer, kid) {
            return Ok(key);
        }
        self.quota.check(&mut pace, self.instant(now)).map_err(|_| unknown())?;
        self.refresh(issuer).await?;
        self.known(issuer, kid).ok_or_else(unknown)
    }

    /// Replaces what is known about `issuer` by what its live instances publish now.
    pub(crate) async fn refresh(&self, issuer: &str) -> Result<(), VerifyError> {
        let keys = self.source.keys(issuer).await;
        let keys = keys.map_err(|source| VerifyError::KeysUnavailable { issuer: issuer.to_owned(), source })?;
        self.keys.rcu(|known| {
            let mut known = HashMap::clone(known);
            known.insert(issuer.to_owned(), keys.clone());
            known
        });
        Ok(())
    }

    fn known(&self, issuer: &str, kid: &str) -> Option<PublicKey> {
        self.keys.load().get(issuer)?.iter().find(|key| key.kid() == kid).cloned()
    }

    fn turn(&self, issuer: &str) -> Option<Arc<tokio::sync::Mutex<Pace>>> {
        let mut fetches = self.fetches.lock().expect("nothing panics while it is held");
        if !fetches.contains_key(issuer) && fetches.len() >= ISSUERS_MAX {
            return None;
        }
        Some(Arc::clone(fetches.entry(issuer.to_owned()).or_default()))
    }

    fn instant(&self, now: SystemTime) -> Instant {
        self.epoch.0 + now.duration_since(self.epoch.1).unwrap_or_default()
    }
}
