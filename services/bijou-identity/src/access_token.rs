//! Access tokens: JWTs by RFC 9068, signed with EdDSA, good for ten minutes.

use std::sync::Arc;

use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::config::ACCESS_TOKEN_S;
use crate::domain::rights::{Rights, Shown};
use crate::keyring::{KeyRing, KeyRingError};
use crate::store::sessions::Session;

/// Who the tokens are for: the platform's edge.
pub(crate) const AUDIENCE: &str = "bijou";

/// The type of access tokens (RFC 9068, 2.1).
const TOKEN_TYPE: &str = "at+jwt";

/// Life in seconds of a token whose rights could not be asked for: long enough for a page, short enough to be soon right.
const UNASKED_TOKEN_S: i64 = 60;

/// Signs access tokens, and reads its own.
pub(crate) struct Issuer {
    /// `iss`.
    name: String,
    territory: String,
    keys: Arc<KeyRing>,
}

/// A signed token.
pub(crate) struct AccessToken {
    pub(crate) text: String,
    /// Seconds it lives.
    pub(crate) life_s: i64,
}

/// What a token of a session that was shown to us says.
#[derive(Debug, Deserialize)]
pub(crate) struct Subject {
    #[serde(rename = "sub")]
    pub(crate) account: String,
    /// Absent for clients, who are nobody's session.
    #[serde(default)]
    pub(crate) sid: Option<String>,
    #[serde(default)]
    profile: Option<String>,
    #[serde(default)]
    kids: bool,
    #[serde(default)]
    maturity: Option<u8>,
    #[serde(default)]
    pub(crate) scope: String,
    exp: i64,
}

impl Subject {
    pub(crate) fn shown(&self) -> Shown<'_> {
        let is_limited = self.profile.is_some() && (self.kids || self.maturity.is_some());
        Shown { profile: self.profile.as_deref(), is_limited }
    }
}

#[derive(Default, Serialize)]
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
    /// The profile in use, absent for the account as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<&'a str>,
    /// Highest certification age that may be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    maturity: Option<u8>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    kids: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    territory: Option<&'a str>,
}

impl Issuer {
    /// `territory`: whose offers apply, ISO 3166-1 alpha-2; empty for none.
    pub(crate) fn new(issuer: &str, territory: &str, keys: Arc<KeyRing>) -> Self {
        Self { name: issuer.to_owned(), territory: territory.to_owned(), keys }
    }

    /// A token for a session, with these of its scopes.
    pub(crate) fn for_session(
        &self,
        session: &Session,
        rights: &Rights,
        is_asked: bool,
        scope: &str,
        now_s: i64,
    ) -> Result<AccessToken, KeyRingError> {
        let life_s = if is_asked { ACCESS_TOKEN_S } else { UNASKED_TOKEN_S };
        let claims = Claims {
            sub: &session.account_id,
            client_id: &session.client_id,
            sid: Some(&session.id),
            auth_time: Some(session.created_ms / 1000),
            scope,
            profile: rights.profile_id(),
            maturity: rights.maturity,
            kids: rights.kids,
            territory: Some(self.territory.as_str()).filter(|territory| !territory.is_empty()),
            ..Claims::default()
        };
        self.sign(claims, life_s, now_s)
    }

    /// A token for a client itself.
    pub(crate) fn for_client(&self, client: &str, scope: &str, now_s: i64) -> Result<AccessToken, KeyRingError> {
        self.sign(Claims { sub: client, client_id: client, scope, ..Claims::default() }, ACCESS_TOKEN_S, now_s)
    }

    fn sign<'a>(&'a self, claims: Claims<'a>, life_s: i64, now_s: i64) -> Result<AccessToken, KeyRingError> {
        let claims = Claims {
            iss: &self.name,
            aud: AUDIENCE,
            iat: now_s,
            exp: now_s + life_s,
            jti: uuid::Uuid::now_v7().to_string(),
            ..claims
        };
        let text = self.keys.with_signing_key(now_s * 1000, |kid, key| {
            let mut header = Header::new(Algorithm::EdDSA);
            header.typ = Some(TOKEN_TYPE.to_owned());
            header.kid = Some(kid.to_owned());
            jsonwebtoken::encode(&header, &claims, key).map_err(KeyRingError::Sign)
        })?;
        Ok(AccessToken { text, life_s })
    }

    /// Reads a token of our own that is good at `now_s`; `None` for any other text.
    pub(crate) fn read(&self, token: &str, now_s: i64) -> Option<Subject> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.typ.as_deref() != Some(TOKEN_TYPE) {
            return None;
        }
        let key = self.keys.verifying_key(&header.kid?)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&self.name]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // The library would look at the machine's clock.
        validation.validate_exp = false;
        let subject: Subject = jsonwebtoken::decode(token, &key, &validation).ok()?.claims;
        (subject.exp > now_s).then_some(subject)
    }
}
