//! Passports for tests, signed by keys that the service under test is told of.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bijou_passport::{Claims, GATEWAY, Signer, StaticKeys};

/// Signers of a platform that is not there: a gateway, and any service.
pub struct Passports {
    audience: String,
    keys: Arc<StaticKeys>,
    signers: Mutex<HashMap<String, Arc<Signer>>>,
}

impl Passports {
    /// Signs for one application.
    pub fn new(audience: &str) -> Self {
        Self { audience: audience.to_owned(), keys: Arc::new(StaticKeys::new()), signers: Mutex::default() }
    }

    /// The public halves of all its signers.
    pub fn keys(&self) -> Arc<StaticKeys> {
        Arc::clone(&self.keys)
    }

    /// A visitor's.
    pub fn anonymous(&self) -> String {
        self.issue(GATEWAY, &Claims::anonymous([&self.audience]))
    }

    /// A signed-in account's, with the scope `viewer`.
    pub fn account(&self, account: &str) -> String {
        let claims = Claims { scopes: vec!["viewer".to_owned()], ..Claims::account(account, [&self.audience]) };
        self.issue(GATEWAY, &claims)
    }

    /// A service's own.
    pub fn service(&self, role: &str) -> String {
        self.issue(&role.to_ascii_uppercase(), &Claims::service(role, [&self.audience]))
    }

    /// These claims, for this audience unless they name another, signed by the gateway now.
    pub fn claims(&self, claims: &Claims) -> String {
        let aud = if claims.aud.is_empty() { vec![self.audience.clone()] } else { claims.aud.clone() };
        self.issue(GATEWAY, &Claims { aud, ..claims.clone() })
    }

    /// Properly signed, but for somebody else.
    pub fn for_another_audience(&self) -> String {
        self.issue(GATEWAY, &Claims::account("acc-1", ["SOMEBODY-ELSE"]))
    }

    /// Properly signed, ten minutes ago.
    pub fn expired(&self) -> String {
        let then = SystemTime::now() - Duration::from_mins(10);
        self.signer(GATEWAY).issue(&Claims::account("acc-1", [&self.audience]), then)
    }

    /// Signed by a key that no gateway publishes.
    pub fn forged(&self) -> String {
        Signer::generate(GATEWAY).issue(&Claims::account("acc-1", [&self.audience]), SystemTime::now())
    }

    /// About an account, signed by a service, which may only speak for itself.
    pub fn overreaching(&self) -> String {
        self.issue("CATALOG", &Claims::account("acc-1", [&self.audience]))
    }

    fn issue(&self, issuer: &str, claims: &Claims) -> String {
        self.signer(issuer).issue(claims, SystemTime::now())
    }

    fn signer(&self, issuer: &str) -> Arc<Signer> {
        let mut signers = self.signers.lock().expect("nothing panics while it is held");
        let signer = signers.entry(issuer.to_owned()).or_insert_with(|| {
            let signer = Signer::generate(issuer);
            self.keys.add(issuer, signer.public_key().clone());
            Arc::new(signer)
        });
        Arc::clone(signer)
    }
}
