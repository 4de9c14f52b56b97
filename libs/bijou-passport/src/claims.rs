//! What a passport says, and the rule of who may say it.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::{ANONYMOUS, GATEWAY, LIFETIME, SERVICE_PREFIX};

/// The claims of a passport.
///
/// `iss`, `iat` and `exp` are set by the signer whatever they were before, so nobody signs for another application or
/// for longer than [`LIFETIME`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Claims {
    /// Application that signed, as named in the registry: `GATEWAY`, `CATALOG`.
    pub iss: String,
    /// Account id, [`ANONYMOUS`], or `service:<role>`.
    pub sub: String,
    /// Applications that may accept it: the called service and those it declares to call.
    pub aud: Vec<String>,
    /// Issued at, seconds since 1970.
    pub iat: u64,
    /// Valid until, seconds since 1970.
    pub exp: u64,
    /// The signed-in account. Equal to `sub` for people, absent for services and anonymous requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The login session the request belongs to (identity's `sid`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The profile in use. Absent: the account as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Highest certification age the profile may see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maturity: Option<u8>,
    /// Whether the profile is a child's: it manages nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub kids: bool,
    /// Country whose offers apply, ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// The device, as identity names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Scopes granted: `viewer`, `operator`, `partner`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// Authenticator assurance level (NIST SP 800-63B): 0 anonymous, 1 a password, 2 two factors.
    #[serde(default)]
    pub aal: u8,
}

impl Claims {
    /// A request nobody has signed in for.
    pub fn anonymous<S: Into<String>>(audience: impl IntoIterator<Item = S>) -> Self {
        Self { sub: ANONYMOUS.to_owned(), aud: audience.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// A request of a signed-in account.
    pub fn account<S: Into<String>>(account: impl Into<String>, audience: impl IntoIterator<Item = S>) -> Self {
        let account = account.into();
        Self {
            sub: account.clone(),
            account: Some(account),
            aud: audience.into_iter().map(Into::into).collect(),
            aal: 1,
            ..Self::default()
        }
    }

    /// A request a service makes on its own account. `role` as in `service:catalog`, lower case.
    pub fn service<S: Into<String>>(role: &str, audience: impl IntoIterator<Item = S>) -> Self {
        Self {
            sub: format!("{SERVICE_PREFIX}{role}"),
            aud: audience.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// The only application whose signature makes these claims believable.
    ///
    /// `service:<role>` speaks for itself; everything about people comes from the gateway, which checked their token.
    pub fn issuer_rule(&self) -> String {
        match self.sub.strip_prefix(SERVICE_PREFIX) {
            Some(role) => role.to_ascii_uppercase(),
            None => GATEWAY.to_owned(),
        }
    }

    /// The same claims signed by `issuer` at `now`.
    pub(crate) fn stamped(&self, issuer: &str, now: SystemTime) -> Self {
        let iat = seconds(now);
        Self { iss: issuer.to_owned(), iat, exp: iat + LIFETIME.as_secs(), ..self.clone() }
    }
}

/// A passport that was verified: what handlers get to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passport {
    /// What it says.
    pub claims: Claims,
    token: Arc<str>,
}

impl Passport {
    pub(crate) fn new(claims: Claims, token: Arc<str>) -> Self {
        Self { claims, token }
    }

    /// The token as it came, to be passed on to services in its audience.
    pub fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn shared_token(&self) -> Arc<str> {
        Arc::clone(&self.token)
    }

    /// The signed-in account.
    pub fn account(&self) -> Option<&str> {
        self.claims.account.as_deref()
    }

    /// The profile in use, `None` for an account as a whole, services and anonymous requests.
    pub fn profile(&self) -> Option<&str> {
        self.claims.profile.as_deref()
    }

    /// The calling service's role, `None` for people and anonymous requests.
    pub fn service(&self) -> Option<&str> {
        self.claims.sub.strip_prefix(SERVICE_PREFIX)
    }

    /// Whether a scope was granted.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.claims.scopes.iter().any(|granted| granted == scope)
    }

    /// When it ends, without leeway.
    pub fn expires_at(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.claims.exp)
    }
}

/// Whole seconds since 1970; a clock before that is 1970.
pub(crate) fn seconds(at: SystemTime) -> u64 {
    at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_speaks_for_itself_and_the_gateway_for_everybody_else() {
        assert_eq!(Claims::service("catalog", ["PLAYBACK"]).issuer_rule(), "CATALOG");
        assert_eq!(Claims::account("acc-1", ["PLAYBACK"]).issuer_rule(), GATEWAY);
        assert_eq!(Claims::anonymous(["PLAYBACK"]).issuer_rule(), GATEWAY);
        assert_eq!(Claims::default().issuer_rule(), GATEWAY);
    }

    #[test]
    fn the_stamp_overrides_what_the_claims_said() {
        let claims = Claims { iss: "GATEWAY".into(), exp: u64::MAX, ..Claims::service("catalog", ["PLAYBACK"]) };
        let stamped = claims.stamped("CATALOG", UNIX_EPOCH + Duration::from_secs(1_000));
        assert_eq!((stamped.iss.as_str(), stamped.iat, stamped.exp), ("CATALOG", 1_000, 1_060));
    }
}
