//! Programs that sign in as themselves (client credentials, RFC 6749, 4.4).
//!
//! They come from the configuration: so far an operator makes one for each partner. Their secrets are long and random,
//! so a plain hash is as good as a slow one. A register that partners use themselves comes with the partners role.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::config::ClientEntry;

pub(crate) struct Clients(Vec<Client>);

pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) scopes: Vec<String>,
    secret_hash: [u8; 32],
}

impl Clients {
    pub(crate) fn new(entries: &[ClientEntry]) -> Self {
        let client = |entry: &ClientEntry| Client {
            id: entry.id.clone(),
            scopes: entry.scopes.clone(),
            secret_hash: Sha256::digest(&entry.client_secret).into(),
        };
        Self(entries.iter().map(client).collect())
    }

    /// The client with this id and secret. Looks at all of them in any case, so that time says nothing about which
    /// ids there are.
    pub(crate) fn authenticate(&self, id: &str, secret: &str) -> Option<&Client> {
        let hash: [u8; 32] = Sha256::digest(secret).into();
        let mut found = None;
        for client in &self.0 {
            let is_it = client.id.as_bytes().ct_eq(id.as_bytes()) & client.secret_hash.ct_eq(&hash);
            if bool::from(is_it) {
                found = Some(client);
            }
        }
        found
    }
}
