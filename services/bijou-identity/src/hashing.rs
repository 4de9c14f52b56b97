//! Passwords to hashes: Argon2id in a pool of bounded size.
//!
//! One computation takes 19 MiB and some 25 ms of a core, which is the point of it and also what makes it a lever for
//! whoever wants to occupy the machine. So only a few run at once, a bounded number waits, and the rest is told to come
//! back. Unknown accounts cost the same computation, against a hash nobody has the password of.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::config::Hashing;
use crate::telemetry::Counts;

/// OWASP's floor for Argon2id: 19 MiB, two passes, one lane. Stored with each hash, so raising it later affects new
/// ones, and old ones at their next sign-in.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A hash of random bytes nobody kept, with the parameters above.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZSByYW5kb20gc2FsdA$RdescudvJCsgt3ub+b5dWRWJTmaaJObGRyFBhV9ckcE";

/// Why there is no hash.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HashingError {
    #[error("too many passwords are being checked at the same time")]
    Busy,
    #[error("failed to hash a password: {0}")]
    Failed(String),
}

/// Whether a password was right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Checked {
    Wrong,
    Right,
    /// Right, and its hash was made with older parameters: make a new one.
    RightButOld,
}

/// The pool.
pub(crate) struct Hasher {
    argon2: Argon2<'static>,
    /// Seats for those who compute and those who wait.
    seats: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    counts: Counts,
}

impl Hasher {
    pub(crate) fn new(config: &Hashing, counts: Counts) -> Self {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("parameters are within Argon2's bounds");
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let parallel = if config.parallel_max == 0 { cores } else { config.parallel_max };
        Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            seats: Arc::new(Semaphore::new(parallel + config.queue_max)),
            turns: Arc::new(Semaphore::new(parallel)),
            counts,
        }
    }

    /// A hash of `password` as a PHC string.
    pub(crate) async fn hash(&self, password: String) -> Result<String, HashingError> {
        let argon2 = self.argon2.clone();
        self.compute(move || {
            let hash: PasswordHash = argon2.hash_password(password.as_bytes()).map_err(failed)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether `password` is what `hash` was made of. Without a hash it is wrong, after the same time.
    pub(crate) async fn check(&self, password: String, hash: Option<String>) -> Result<Checked, HashingError> {
        let argon2 = self.argon2.clone();
        self.compute(move || {
            let is_somebodys = hash.is_some();
            let stored = hash.as_deref().unwrap_or(NOBODYS);
            let stored = PasswordHash::new(stored).map_err(failed)?;
            // Verifies with the parameters in the hash, whatever ours are.
            let is_right = argon2.verify_password(password.as_bytes(), &stored).is_ok();
            if !is_right || !is_somebodys {
                return Ok(Checked::Wrong);
            }
            let is_current = Params::try_from(&stored)
                .is_ok_and(|params| (params.m_cost(), params.t_cost(), params.p_cost()) == (MEMORY_KIB, PASSES, LANES));
            Ok(if is_current { Checked::Right } else { Checked::RightButOld })
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashingError> + Send + 'static,
    ) -> Result<T, HashingError> {
        let Ok(seat) = Arc::clone(&self.seats).try_acquire_owned() else {
            self.counts.hashing_refused();
            return Err(HashingError::Busy);
        };
        let turn = Arc::clone(&self.turns).acquire_owned().await.expect("the semaphore is never closed");
        // Both go into the work: a caller who left does not make room for another computation before this one ends.
        let done = tokio::task::spawn_blocking(move || {
            let _held = (seat, turn);
            work()
        });
        done.await.map_err(|error| HashingError::Failed(error.to_string()))?
    }
}

fn failed(error: impl std::fmt::Display) -> HashingError {
    HashingError::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(parallel_max: usize, queue_max: usize) -> Hasher {
        Hasher::new(&Hashing { parallel_max, queue_max }, Counts::unregistered())
    }

    #[tokio::test]
    async fn a_password_is_right_for_its_own_hash_only() {
        let hasher = hasher(2, 2);
        let hash = hasher.hash("correct horse".to_owned()).await.expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(
            hasher.check("correct horse".to_owned(), Some(hash.clone())).await.expect("checked"),
            Checked::Right
        );
        assert_eq!(hasher.check("Correct horse".to_owned(), Some(hash)).await.expect("checked"), Checked::Wrong);
    }

    #[tokio::test]
    async fn nobodys_hash_is_well_formed_and_always_wrong() {
        let hasher = hasher(2, 2);
        assert!(PasswordHash::new(NOBODYS).is_ok());
        for password in ["", "password", "some random salt"] {
            assert_eq!(hasher.check(password.to_owned(), None).await.expect("checked"), Checked::Wrong);
        }
    }

    #[tokio::test]
    async fn a_hash_of_lesser_parameters_is_to_be_renewed() {
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).expect("valid"));
        let hash: PasswordHash = weak.hash_password(b"correct horse").expect("hashed");
        let checked = hasher(1, 1).check("correct horse".to_owned(), Some(hash.to_string())).await;
        assert_eq!(checked.expect("checked"), Checked::RightButOld);
    }

    #[tokio::test]
    async fn more_than_the_queue_holds_is_refused() {
        let hasher = Arc::new(hasher(1, 1));
        let running: Vec<_> = (0..5)
            .map(|_| {
                let hasher = Arc::clone(&hasher);
                tokio::spawn(async move { hasher.hash("correct horse".to_owned()).await })
            })
            .collect();
        let mut refused = 0;
        for one in running {
            refused += usize::from(matches!(one.await.expect("no panic"), Err(HashingError::Busy)));
        }
        assert_eq!(refused, 3);
        assert!(hasher.hash("correct horse".to_owned()).await.is_ok(), "there is room again");
    }
}
