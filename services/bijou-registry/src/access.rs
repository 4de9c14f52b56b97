//! Who may do what. Callers show who they are by Basic or Bearer credentials, or by a client certificate; rules say what
//! each may do with which applications. Pure: headers and names in, a decision out.
//!
//! Everything is worked out when the registry starts: a request costs one digest of what it presents and a look at a
//! short list. Secrets are compared as digests, in constant time. Left out: sessions, and changing rules while running.

mod apps;

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

pub use self::apps::Apps;
use crate::{
    fields::Fields,
    settings::{self, Right},
};

/// The name of those who show nothing.
const ANONYMOUS: &str = "anonymous";
const EVERYBODY: &str = "*";
/// Shorter ones are guessed.
const SECRET_CHARS_MIN: usize = 12;

/// A setting that cannot be meant so.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    #[error("`registry.access.callers` has a name that cannot be one: `{name}`")]
    Name { name: String },
    #[error("`registry.access.callers` has `{name}` twice")]
    Twice { name: String },
    #[error(
        "the secret of `{name}` in `registry.access.callers` must have {SECRET_CHARS_MIN} characters or more, or be \
         `sha256:` and 64 hexadecimal digits"
    )]
    Secret { name: String },
    #[error("`{name}` in `registry.access.callers` has neither a secret nor a certificate to be known by")]
    Nothing { name: String },
    #[error("`registry.access.callers` has the certificate of `{certificate}` twice")]
    CertificateTwice { certificate: String },
    #[error("`registry.access.rules` speaks of `{name}`, who is not among `registry.access.callers`")]
    Unknown { name: String },
}

/// Somebody who asks, and what they may.
#[derive(Clone, Debug)]
pub struct Caller {
    pub name: Arc<str>,
    granted: Arc<[Apps; 4]>,
}

impl Caller {
    pub fn is_anonymous(&self) -> bool {
        &*self.name == ANONYMOUS
    }

    /// The applications with which this caller may do that.
    pub fn apps(&self, right: Right) -> &Apps {
        &self.granted[right as usize]
    }

    pub fn may(&self, right: Right, app: &str) -> bool {
        self.apps(right).has(app)
    }
}

/// What was shown proves nothing.
#[derive(Debug, PartialEq, Eq)]
pub struct WrongCredentials;

pub struct Access {
    anonymous: Caller,
    /// By the digest of their secret.
    known: Vec<([u8; 32], Caller)>,
    /// By a name in their certificate.
    certified: Vec<(String, Caller)>,
}

impl Access {
    pub fn new(settings: &settings::Access) -> Result<Self, AccessError> {
        let mut names: Vec<&str> = Vec::new();
        let mut known: Vec<([u8; 32], Caller)> = Vec::new();
        let mut certified: Vec<(String, Caller)> = Vec::new();
        for settings::Caller { name, secret, certificate } in &settings.callers {
            // A colon would end the name in Basic's pair.
            if name.is_empty() || [ANONYMOUS, EVERYBODY].contains(&name.as_str()) || name.contains(':') {
                return Err(AccessError::Name { name: name.clone() });
            }
            if names.contains(&name.as_str()) {
                return Err(AccessError::Twice { name: name.clone() });
            }
            names.push(name);
            if secret.is_empty() && certificate.is_empty() {
                return Err(AccessError::Nothing { name: name.clone() });
            }
            let caller = caller(name, &settings.rules);
            if !certificate.is_empty() {
                if certified.iter().any(|(known, _)| known.eq_ignore_ascii_case(certificate)) {
                    return Err(AccessError::CertificateTwice { certificate: certificate.clone() });
                }
                certified.push((certificate.clone(), caller.clone()));
            }
            if !secret.is_empty() {
                let digest = digest_of_setting(secret).ok_or_else(|| AccessError::Secret { name: name.clone() })?;
                known.push((digest, caller));
            }
        }
        for rule in &settings.rules {
            let is_known =
                |name: &&String| [ANONYMOUS, EVERYBODY].contains(&name.as_str()) || names.contains(&name.as_str());
            if let Some(name) = rule.callers.iter().find(|name| !is_known(name)) {
                return Err(AccessError::Unknown { name: name.clone() });
            }
        }
        Ok(Access { anonymous: caller(ANONYMOUS, &settings.rules), known, certified })
    }

    /// Adds somebody who may do everything: this process itself.
    pub fn with_own(mut self, name: &str, secret: &str) -> Self {
        let granted = Arc::new([const { Apps::All }; 4]);
        self.known.push((Sha256::digest(secret).into(), Caller { name: name.into(), granted }));
        self
    }

    /// Who asks, over a connection whose certificate holds `names`. Credentials come before the certificate. Nothing
    /// shown is nobody in particular, as is a certificate that is no caller's; something wrong is refused, also where
    /// nothing was needed.
    pub fn caller(&self, fields: Fields<'_>, names: &[String]) -> Result<&Caller, WrongCredentials> {
        if fields.get("authorization").is_none() {
            let is_shown = |known: &str| names.iter().any(|name| name.eq_ignore_ascii_case(known));
            let certified = self.certified.iter().find(|(known, _)| is_shown(known));
            return Ok(certified.map_or(&self.anonymous, |(_, caller)| caller));
        }
        let shown = fields.text("authorization").ok_or(WrongCredentials)?;
        let (scheme, value) = shown.split_once(' ').ok_or(WrongCredentials)?;
        let (name, secret) = if scheme.eq_ignore_ascii_case("basic") {
            let pair = STANDARD.decode(value.trim()).ok().and_then(|pair| String::from_utf8(pair).ok());
            let pair = pair.ok_or(WrongCredentials)?;
            let (name, secret) = pair.split_once(':').ok_or(WrongCredentials)?;
            (Some(name.to_owned()), secret.to_owned())
        } else if scheme.eq_ignore_ascii_case("bearer") {
            (None, value.trim().to_owned())
        } else {
            return Err(WrongCredentials);
        };
        let digest: [u8; 32] = Sha256::digest(&secret).into();
        // All are looked at, so that the time says nothing about which was nearest.
        let mut found = None;
        for (known, caller) in &self.known {
            let is_same = bool::from(known.as_slice().ct_eq(digest.as_slice()));
            if is_same && name.as_deref().is_none_or(|name| name == &*caller.name) {
                found = Some(caller);
            }
        }
        found.ok_or(WrongCredentials)
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.known.iter().map(|(_, caller)| &caller.name).collect::<Vec<_>>();
        formatter.debug_struct("Access").field("known", &names).finish_non_exhaustive()
    }
}

/// What the rules together grant to a name.
fn caller(name: &str, rules: &[settings::AccessRule]) -> Caller {
    let mut granted = [const { Apps::None }; 4];
    for rule in rules {
        if rule.callers.iter().any(|meant| meant == EVERYBODY || meant == name) {
            for right in &rule.may {
                granted[*right as usize].add(&rule.apps);
            }
        }
    }
    Caller { name: name.into(), granted: Arc::new(granted) }
}

fn digest_of_setting(secret: &str) -> Option<[u8; 32]> {
    let Some(hex) = secret.strip_prefix("sha256:") else {
        return (secret.chars().count() >= SECRET_CHARS_MIN).then(|| Sha256::digest(secret).into());
    };
    if hex.len() != 64 || !hex.is_ascii() {
        return None;
    }
    let mut digest = [0; 32];
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
#[path = "access_tests.rs"]
mod tests;
