//! Access tokens: JWTs by RFC 9068, signed with EdDSA, good for ten minutes.

use std::sync::Arc;

use jsonwebtoken::{Algorithm, Header};
use serde::Serialize;

use crate::config::ACCESS_TOKEN_S;
use crate::keyring::{KeyRing, KeyRingError};

/// Who the tokens are for: the platform's edge.
pub(crate) const AUDIENCE: &str = "bijou";

/// `client_id` of our own apps, which need no registration.
const OWN_CLIENT: &str = "bijou-app";

/// Signs access tokens.
pub(crate) struct Issuer {
    issuer: String,
    keys: Arc<KeyRing>,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'static str,
    sub: &'a str,
    client_id: &'a str,
    iat: i64,
    exp: i64,
    jti: String,
    /// The login session, absent for clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
    /// When the password was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    scope: &'a str,
}

impl Issuer {
    pub(crate) fn new(issuer: &str, keys: Arc<KeyRing>) -> Self {
        Self { issuer: issuer.to_owned(), keys }
    }

    /// A token for a session of an account.
    pub(crate) fn for_session(
        &self,
        account: &str,
        session: &str,
        signed_in_ms: i64,
        scope: &str,
        now_s: i64,
    ) -> Result<String, KeyRingError> {
        self.sign(account, OWN_CLIENT, Some(session), Some(signed_in_ms / 1000), scope, now_s)
    }

    /// A token for a client itself.
    pub(crate) fn for_client(&self, client: &str, scope: &str, now_s: i64) -> Result<String, KeyRingError> {
        self.sign(client, client, None, None, scope, now_s)
    }

    fn sign(
        &self,
        subject: &str,
        client_id: &str,
        sid: Option<&str>,
        auth_time: Option<i64>,
        scope: &str,
        now_s: i64,
    ) -> Result<String, KeyRingError> {
        let claims = Claims {
            iss: &self.issuer,
            aud: AUDIENCE,
            sub: subject,
            client_id,
            iat: now_s,
            exp: now_s + ACCESS_TOKEN_S,
            jti: uuid::Uuid::now_v7().to_string(),
            sid,
            auth_time,
            scope,
        };
        self.keys.with_signing_key(now_s * 1000, |kid, key| {
            let mut header = Header::new(Algorithm::EdDSA);
            header.typ = Some("at+jwt".to_owned());
            header.kid = Some(kid.to_owned());
            jsonwebtoken::encode(&header, &claims, key).map_err(KeyRingError::Sign)
        })
    }
}
