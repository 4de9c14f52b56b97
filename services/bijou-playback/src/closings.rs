//! Sessions that are over although their token is still good, as this instance knows them.
//!
//! Tokens are checked without a query, so the few that were closed early are kept in memory: what this instance closed at
//! once, what others closed within a second ([`crate::housekeeping`] asks the store). While the database is away the list
//! stays as it is, and films go on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use bijou_store::StoreError;
use uuid::Uuid;

use crate::domain::streams::Closing;
use crate::store::{Closed, Store};

/// Closed sessions kept in memory: about ten megabytes of them.
const KEPT_MAX: usize = 100_000;

/// Closings read at once.
const READ_MAX: i64 = 10_000;

/// How far instances' clocks may be apart, and how long a transaction may take, in milliseconds.
const OVERLAP_MS: i64 = 60_000;

/// The list. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Closings(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// Why, and when the token ends anyway.
    closed: RwLock<HashMap<Uuid, (Closing, i64)>>,
    /// Closings since then are asked for.
    since_ms: Mutex<i64>,
}

impl Closings {
    /// Why a session is over; `None` while it is not.
    pub fn of(&self, session: Uuid) -> Option<Closing> {
        self.0.closed.read().unwrap_or_else(PoisonError::into_inner).get(&session).map(|(why, _)| *why)
    }

    /// How many are known.
    pub fn count(&self) -> usize {
        self.0.closed.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Notes what has been closed. Beyond the limit nothing is: a session that is not noted plays on until its token ends.
    pub fn note<'a>(&self, closed: impl IntoIterator<Item = &'a Closed>) {
        let mut known = self.0.closed.write().unwrap_or_else(PoisonError::into_inner);
        for each in closed {
            if let Ok(id) = Uuid::parse_str(&each.id)
                && known.len() < KEPT_MAX
            {
                known.insert(id, (each.why, each.expires_ms));
            }
        }
    }

    /// Takes in what others have closed, and forgets what no token can name any more.
    pub async fn refresh(&self, store: &Store, now_ms: i64) -> Result<(), StoreError> {
        let since_ms = *self.0.since_ms.lock().unwrap_or_else(PoisonError::into_inner);
        let closed = store.closed_sessions(since_ms, now_ms, READ_MAX).await?;
        let is_all = (closed.len() as i64) < READ_MAX;
        self.forget_expired(now_ms);
        self.note(closed.iter().map(|(each, _)| each));
        if let Some((_, last_ms)) = closed.last() {
            // Once all are read, the last minute is read again each time: a slower clock or transaction may add to it.
            let next_ms = if is_all { last_ms - OVERLAP_MS } else { *last_ms };
            let mut since_ms = self.0.since_ms.lock().unwrap_or_else(PoisonError::into_inner);
            *since_ms = next_ms.max(*since_ms);
        }
        Ok(())
    }

    fn forget_expired(&self, now_ms: i64) {
        let mut known = self.0.closed.write().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (_, expires_ms)| *expires_ms > now_ms);
    }
}
