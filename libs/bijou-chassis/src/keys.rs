//! Passport keys in time: a new instance is believed as soon as the registry shows it.
//!
//! A role may call others a moment before they can find it: it has just started, or come back on another port. Two
//! things keep that moment from becoming a 401. Whoever asks for keys of an application nobody offers waits a little for
//! the registry's next picture; and when the instances of an application change whose keys were asked for before, they
//! are fetched again without being asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bijou_client::RegistryKeys;
use bijou_eureka::{Discovery, Snapshot};
use bijou_passport::{KeyFuture, KeySource, KeySourceError, PublicKey, Verifier};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::debug;

/// Longest wait for the registry's next picture. The request with the unknown key waits as long.
const PATIENCE: Duration = Duration::from_secs(1);

/// Applications whose keys are kept up to date; more means somebody invents them.
const ISSUERS_MAX: usize = 64;

/// What tells one set of instances from another: a restarted one has the same id and a later date.
type Instances = Vec<(String, u64)>;

/// Keys of live instances, asked for with patience.
#[derive(Debug, Clone)]
pub(crate) struct PatientKeys {
    keys: RegistryKeys,
    discovery: Discovery,
    /// Applications asked for, and the instances they had then.
    asked: Arc<Mutex<HashMap<String, Instances>>>,
}

impl PatientKeys {
    pub(crate) fn new(keys: RegistryKeys, discovery: Discovery) -> Self {
        Self { keys, discovery, asked: Arc::default() }
    }

    async fn find(&self, issuer: &str) -> Result<Vec<PublicKey>, KeySourceError> {
        self.note(issuer);
        let generation = self.discovery.generation();
        match self.keys.keys(issuer).await {
            Ok(keys) => Ok(keys),
            Err(error) => match timeout(PATIENCE, self.discovery.changed_since(generation)).await {
                Ok(()) => self.keys.keys(issuer).await,
                Err(_) => Err(error),
            },
        }
    }

    fn note(&self, issuer: &str) {
        let instances = instances(&self.discovery.snapshot(), issuer);
        let mut asked = self.asked.lock().expect("nothing panics while it is held");
        if asked.len() < ISSUERS_MAX || asked.contains_key(issuer) {
            asked.insert(issuer.to_owned(), instances);
        }
    }

    /// Applications whose instances have changed since they were asked for or since the last call.
    fn changed(&self) -> Vec<String> {
        let snapshot = self.discovery.snapshot();
        let mut asked = self.asked.lock().expect("nothing panics while it is held");
        let mut changed = Vec::new();
        for (issuer, before) in asked.iter_mut() {
            let now = instances(&snapshot, issuer);
            // When all are gone their keys are kept: what they signed is good for its minute.
            if !now.is_empty() && now != *before {
                *before = now;
                changed.push(issuer.clone());
            }
        }
        changed
    }

    /// Fetches the keys of changed applications, until `stop`.
    pub(crate) async fn keep_fresh(self, verifier: Arc<Verifier>, stop: CancellationToken) {
        let mut generation = self.discovery.generation();
        loop {
            tokio::select! {
                () = self.discovery.changed_since(generation) => {}
                () = stop.cancelled() => return,
            }
            generation = self.discovery.generation();
            for issuer in self.changed() {
                if let Err(error) = verifier.refresh(&issuer).await {
                    // The next passport with an unknown key asks again.
                    debug!(error = &error as &dyn std::error::Error, "keys of `{issuer}` could not be fetched");
                }
            }
        }
    }
}

impl KeySource for PatientKeys {
    fn keys<'a>(&'a self, issuer: &'a str) -> KeyFuture<'a> {
        Box::pin(self.find(issuer))
    }
}

fn instances(snapshot: &Snapshot, issuer: &str) -> Instances {
    let up = snapshot.instances(issuer).iter();
    up.map(|endpoint| (endpoint.instance_id.clone(), endpoint.last_dirty_ms)).collect()
}
