//! PINs: Argon2id, and few tries.
//!
//! Four digits are guessed in ten thousand tries whatever they are hashed with; what protects them is that each try is
//! counted in the store before it is looked at, so that no number of connections or instances makes more of them.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::telemetry::Counts;

/// OWASP's floor for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Computations at a time; more wait, 64 at most.
const TOGETHER: usize = 2;
const WAITING_MAX: usize = 64;

/// Why there is no hash.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PinError {
    #[error("too many PINs are being checked at the same time")]
    Busy,
    #[error("failed to hash a PIN: {0}")]
    Failed(String),
}

/// Computes hashes, a few at a time.
pub(crate) struct Pins {
    argon2: Argon2<'static>,
    seats: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    counts: Counts,
}

impl Pins {
    pub(crate) fn new(counts: Counts) -> Self {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("parameters are within Argon2's bounds");
        Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            seats: Arc::new(Semaphore::new(TOGETHER + WAITING_MAX)),
            turns: Arc::new(Semaphore::new(TOGETHER)),
            counts,
        }
    }

    /// A hash as a PHC string.
    pub(crate) async fn hash(&self, pin: String) -> Result<String, PinError> {
        let argon2 = self.argon2.clone();
        self.compute(move || {
            let hash: PasswordHash = argon2.hash_password(pin.as_bytes()).map_err(failed)?;
            Ok(hash.to_string())
        })
        .await
    }

    pub(crate) async fn is_right(&self, pin: String, hash: String) -> Result<bool, PinError> {
        let argon2 = self.argon2.clone();
        self.compute(move || {
            let stored = PasswordHash::new(&hash).map_err(failed)?;
            Ok(argon2.verify_password(pin.as_bytes(), &stored).is_ok())
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PinError> + Send + 'static,
    ) -> Result<T, PinError> {
        let Ok(seat) = Arc::clone(&self.seats).try_acquire_owned() else {
            self.counts.pin_refused();
            return Err(PinError::Busy);
        };
        let turn = Arc::clone(&self.turns).acquire_owned().await.expect("the semaphore is never closed");
        // Both go into the work: a caller who left does not make room for another computation before this one ends.
        let done = tokio::task::spawn_blocking(move || {
            let _held = (seat, turn);
            work()
        });
        done.await.map_err(|error| PinError::Failed(error.to_string()))?
    }
}

fn failed(error: impl std::fmt::Display) -> PinError {
    PinError::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_pin_is_kept_as_argon2id_at_its_floor_each_time_with_another_salt() {
        let pins = Pins::new(Counts::default());
        let [first, second] = [pins.hash("2468".to_owned()).await, pins.hash("2468".to_owned()).await];
        let (first, second) = (first.expect("a hash"), second.expect("a hash"));
        assert!(first.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{first}");
        assert_ne!(first, second);
        assert!(pins.is_right("2468".to_owned(), first.clone()).await.expect("looked at"));
        assert!(!pins.is_right("2469".to_owned(), first).await.expect("looked at"));
    }
}
