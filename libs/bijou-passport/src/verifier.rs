//! The receiving side: is this passport ours to accept, now?
//!
//! Every check must hold; their order only decides which error is named and what work a forger can cause. So the cheap
//! ones come first, keys are fetched only for claims that would be accepted, and nothing is returned before the
//! signature verified.

use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use crate::cache::Cache;
use crate::claims::seconds;
use crate::jws::Envelope;
use crate::ring::KeyRing;
use crate::{Claims, KeySource, LEEWAY, LIFETIME, Passport, VerifyError};

/// Passports remembered per generation; with two generations about 10 MB at most.
const CACHED_MAX: usize = 4096;

/// Verifies passports for one application.
pub struct Verifier {
    audience: String,
    keys: KeyRing,
    cache: Mutex<Cache>,
}

impl Verifier {
    /// Accepts passports for `audience`, an application name in capitals.
    pub fn new(audience: impl Into<String>, keys: Arc<dyn KeySource>) -> Self {
        Self { audience: audience.into(), keys: KeyRing::new(keys), cache: Mutex::new(Cache::new(CACHED_MAX)) }
    }

    /// Checks a passport received at `now`.
    ///
    /// Waits only when the signer's key is not known yet.
    pub async fn verify(&self, token: &str, now: SystemTime) -> Result<Arc<Passport>, VerifyError> {
        // Bound first: inside `if let` the lock would be held for the whole body.
        let known = self.cache().get(token);
        if let Some(known) = known {
            return match check_times(&known.claims, now) {
                Ok(()) => Ok(known),
                Err(error) => {
                    self.cache().remove(token);
                    Err(error)
                }
            };
        }
        let envelope = Envelope::open(token)?;
        self.check_claims(&envelope.claims, now)?;
        let key = self.keys.find(&envelope.claims.iss, &envelope.kid, now).await?;
        if !envelope.is_signed_by(key.key()) {
            return Err(VerifyError::BadSignature);
        }
        let passport = Arc::new(Passport::new(envelope.claims, token.into()));
        self.cache().insert(Arc::clone(&passport));
        Ok(passport)
    }

    /// Fetches the keys of `issuer` beforehand: when the registry shows a new instance of it, so that its first
    /// passport waits for nothing.
    pub async fn refresh(&self, issuer: &str) -> Result<(), VerifyError> {
        self.keys.refresh(issuer).await
    }

    /// The application it verifies for.
    pub fn audience(&self) -> &str {
        &self.audience
    }

    fn check_claims(&self, claims: &Claims, now: SystemTime) -> Result<(), VerifyError> {
        if claims.iss != claims.issuer_rule() {
            return Err(VerifyError::WrongIssuer { issuer: claims.iss.clone(), subject: claims.sub.clone() });
        }
        // `account` is what handlers act on and `sub` what the rule above looked at: they must not differ.
        if claims.account.as_ref().is_some_and(|account| *account != claims.sub) || claims.sub.is_empty() {
            return Err(VerifyError::Malformed("its account is not its subject"));
        }
        if !claims.aud.contains(&self.audience) {
            return Err(VerifyError::WrongAudience { expected: self.audience.clone(), audience: claims.aud.clone() });
        }
        check_times(claims, now)
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().expect("nothing panics while it is held")
    }
}

fn check_times(claims: &Claims, now: SystemTime) -> Result<(), VerifyError> {
    let (now, leeway) = (seconds(now), LEEWAY.as_secs());
    if claims.exp.saturating_add(leeway) <= now {
        return Err(VerifyError::Expired { ago_s: now - claims.exp });
    }
    // The second half keeps a signer with a wrong idea of time from issuing passports for ever.
    if claims.iat > now + leeway || claims.exp.saturating_sub(claims.iat) > LIFETIME.as_secs() {
        return Err(VerifyError::NotYetValid);
    }
    Ok(())
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verifier").field("audience", &self.audience).finish_non_exhaustive()
    }
}
