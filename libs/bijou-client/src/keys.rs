//! Passport keys from the registry: every live instance of the issuer publishes its own.

use std::time::Duration;

use bijou_passport::{KEYS_PATH, KeyFuture, KeySource, KeySourceError, PublicKey};

use crate::Client;

/// Longest wait for one instance's keys: the request that brought the unknown key waits for it.
const ATTEMPT: Duration = Duration::from_secs(1);

/// A key set has one key of 200 bytes; whoever sends more than this is no signer.
const BYTES_MAX: usize = 64 * 1024;

/// Finds an application's passport keys at its live instances.
#[derive(Debug, Clone)]
pub struct RegistryKeys {
    client: Client,
}

impl RegistryKeys {
    /// Asks through this client.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    async fn fetch(&self, issuer: &str) -> Result<Vec<PublicKey>, KeySourceError> {
        let snapshot = self.client.snapshot();
        let instances = snapshot.instances(issuer);
        if instances.is_empty() {
            return Err(KeySourceError::new(format!("no instance of `{issuer}` is up")));
        }
        let asked: Vec<_> = instances
            .iter()
            .map(|endpoint| {
                let request = self.client.to_instance(endpoint).get(KEYS_PATH);
                let asking = request.attempt_timeout(ATTEMPT).body_bytes_max(BYTES_MAX).send();
                // Whose request brought the unknown key is chance: not a part of its trace.
                tokio::spawn(bijou_telemetry::suppressed(asking))
            })
            .collect();
        let (mut keys, mut last_error) = (Vec::new(), None);
        for answer in asked {
            let read =
                match answer.await.map_err(|error| KeySourceError::caused_by("asking for keys was aborted", error))? {
                    Ok(response) => response.success().map_err(Into::into),
                    Err(error) => Err(Box::<dyn std::error::Error + Send + Sync>::from(error)),
                };
            match read {
                Ok(response) => keys.extend(PublicKey::read_set(&response.body)?),
                Err(error) => last_error = Some(error),
            }
        }
        match last_error {
            // Some of them answered: theirs may be the key in question. The others will be asked again.
            Some(error) if keys.is_empty() => {
                Err(KeySourceError::caused_by(format!("no instance of `{issuer}` gave its keys"), error))
            }
            _ => Ok(keys),
        }
    }
}

impl KeySource for RegistryKeys {
    fn keys<'a>(&'a self, issuer: &'a str) -> KeyFuture<'a> {
        Box::pin(self.fetch(issuer))
    }
}
