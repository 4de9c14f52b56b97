//! Access tokens: who is asking.
//!
//! Verified once per worker and remembered until they end: the second request of a token costs a look-up. A token is
//! believed when its key is in identity's published set *and* its algorithm is the key's own (never what the token's
//! header would like), its type is an access token's, and audience, times and, if configured, issuer fit. Key sets come
//! from live instances ([`crate::keys`]); a withdrawn key ends its remembered tokens too.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{SystemTime, UNIX_EPOCH};

use http::{HeaderValue, header};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Validation, decode, decode_header};
use serde::Deserialize;

use crate::config::{TokenUse, Tokens};
use crate::failure::Failure;
use crate::filter::{InboundFilter, Step, Verdict};
use crate::keys::KeySet;
use crate::passport::IssuedPassports;
use crate::transit::Transit;

/// Longest token looked at: ours have some 500 bytes.
const TOKEN_BYTES_MAX: usize = 4 * 1024;
/// How far identity's clock may be apart from ours, in seconds.
const LEEWAY_S: u64 = 5;
/// The type of access tokens (RFC 9068, section 2.1).
const TOKEN_TYPE: &str = "at+jwt";

/// Who is asking, as the token says.
#[derive(Debug)]
pub struct Identity {
    /// The account, absent for clients that act on their own.
    pub account: Option<String>,
    /// The account's or the client's id.
    pub subject: String,
    pub session: Option<String>,
    pub device: Option<String>,
    /// The profile in use, with what it may see.
    pub profile: Option<String>,
    /// Highest certification age that may be seen. Also without a profile, in a household with children.
    pub maturity: Option<u8>,
    pub kids: bool,
    /// Country whose offers apply, ISO 3166-1 alpha-2.
    pub territory: Option<String>,
    pub scopes: Vec<String>,
    /// How surely they are who they say (NIST SP 800-63B).
    pub aal: u8,
    /// Seconds since 1970.
    pub expires: u64,
    pub(crate) passports: IssuedPassports,
    token: Box<str>,
    kid: String,
    keys_generation: u64,
}

impl Identity {
    /// Whether a scope was granted.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

#[derive(Debug, Deserialize)]
struct TokenClaims {
    sub: String,
    exp: u64,
    #[serde(default)]
    sid: Option<String>,
    #[serde(default)]
    scope: Option<String>,
    #[serde(default)]
    client_id: Option<String>,
    #[serde(default)]
    device_id: Option<String>,
    #[serde(default)]
    profile: Option<String>,
    #[serde(default)]
    maturity: Option<u8>,
    #[serde(default)]
    kids: bool,
    #[serde(default)]
    territory: Option<String>,
    #[serde(default)]
    aal: Option<u8>,
}

/// What a look at a token came to.
#[derive(Debug)]
pub(crate) enum TokenCheck {
    Valid(Rc<Identity>),
    Refused(Failure),
    /// Its key is not in the set: worth asking for a newer one.
    UnknownKey {
        kid: String,
    },
}

/// Verified tokens of one worker.
///
/// Two generations: when the young one is full it becomes the old one. What is in use is taken over, the rest goes.
#[derive(Debug)]
pub(crate) struct TokenCache {
    tokens_max: usize,
    /// By signature: as unique as the token and a sixth of its length.
    young: RefCell<HashMap<Box<str>, Rc<Identity>>>,
    old: RefCell<HashMap<Box<str>, Rc<Identity>>>,
}

impl TokenCache {
    pub(crate) fn new(tokens_max: usize) -> Self {
        Self { tokens_max: (tokens_max / 2).max(1), young: RefCell::default(), old: RefCell::default() }
    }

    fn find(&self, token: &str, keys: &KeySet, now: u64) -> Option<Result<Rc<Identity>, Failure>> {
        let signature = signature(token)?;
        let young = self.young.borrow().get(signature).cloned();
        let known = if let Some(known) = young {
            known
        } else {
            let known = self.old.borrow_mut().remove(signature)?;
            self.insert(Rc::clone(&known));
            known
        };
        // The whole token, not only its signature: an Ed25519 signature fits one message, but why rely on that here.
        if *known.token != *token || (known.keys_generation != keys.generation() && keys.find(&known.kid).is_none()) {
            self.young.borrow_mut().remove(signature);
            return None;
        }
        Some(if known.expires + LEEWAY_S <= now { Err(expired()) } else { Ok(known) })
    }

    fn insert(&self, identity: Rc<Identity>) {
        let Some(signature) = signature(&identity.token) else { return };
        let signature: Box<str> = signature.into();
        let mut young = self.young.borrow_mut();
        if young.len() >= self.tokens_max {
            *self.old.borrow_mut() = std::mem::take(&mut *young);
        }
        young.insert(signature, identity);
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.young.borrow().len() + self.old.borrow().len()
    }
}

fn signature(token: &str) -> Option<&str> {
    token.rsplit_once('.').map(|(_, signature)| signature)
}

fn expired() -> Failure {
    Failure::TokenInvalid { code: "token-expired", detail: "the access token has expired, get a new one".into() }
}

fn invalid(detail: impl Into<Cow<'static, str>>) -> Failure {
    Failure::TokenInvalid { code: "token-invalid", detail: detail.into() }
}

/// Checks a token against a key set, without any cache.
pub(crate) fn check(token: &str, keys: &KeySet, settings: &Tokens) -> TokenCheck {
    if token.len() > TOKEN_BYTES_MAX {
        return TokenCheck::Refused(invalid("the access token is too long"));
    }
    let Ok(header) = decode_header(token) else {
        return TokenCheck::Refused(invalid("the access token is not a signed JWT"));
    };
    if !header.typ.as_deref().is_some_and(|typ| typ.eq_ignore_ascii_case(TOKEN_TYPE)) {
        return TokenCheck::Refused(invalid("the token is not an access token"));
    }
    let Some(kid) = header.kid else {
        return TokenCheck::Refused(invalid("the access token does not name its key"));
    };
    let Some(key) = keys.find(&kid) else {
        return TokenCheck::UnknownKey { kid };
    };
    if header.alg != key.algorithm {
        return TokenCheck::Refused(invalid("the access token's algorithm is not its key's"));
    }
    let mut validation = Validation::new(key.algorithm);
    validation.leeway = LEEWAY_S;
    validation.validate_nbf = true;
    validation.set_audience(&[&settings.audience]);
    validation.set_required_spec_claims(&["exp", "aud", "sub"]);
    if !settings.issuer.is_empty() {
        validation.set_issuer(&[&settings.issuer]);
        validation.required_spec_claims.insert("iss".to_owned());
    }
    let claims = match decode::<TokenClaims>(token, &key.key, &validation) {
        Ok(decoded) => decoded.claims,
        Err(error) => {
            return TokenCheck::Refused(match error.kind() {
                ErrorKind::ExpiredSignature => expired(),
                ErrorKind::InvalidAudience => invalid("the access token is meant for somebody else"),
                ErrorKind::InvalidIssuer => invalid("the access token has an issuer that is not believed here"),
                ErrorKind::ImmatureSignature => invalid("the access token is not valid yet"),
                ErrorKind::InvalidSignature => invalid("the access token's signature is wrong"),
                _ => invalid("the access token is malformed"),
            });
        }
    };
    // A client acting on its own has its id as the subject (RFC 9068, section 2.2).
    let is_client = claims.client_id.as_deref() == Some(claims.sub.as_str());
    TokenCheck::Valid(Rc::new(Identity {
        account: (!is_client).then(|| claims.sub.clone()),
        subject: claims.sub,
        session: claims.sid,
        device: claims.device_id,
        profile: claims.profile,
        maturity: claims.maturity,
        kids: claims.kids,
        territory: claims.territory,
        scopes: claims.scope.unwrap_or_default().split_ascii_whitespace().map(str::to_owned).collect(),
        aal: claims.aal.unwrap_or(1),
        expires: claims.exp,
        passports: IssuedPassports::default(),
        token: token.into(),
        kid,
        keys_generation: keys.generation(),
    }))
}

/// The filter: takes the bearer token off the request and puts an [`Identity`] in its place.
#[derive(Debug)]
pub(crate) struct Authenticate;

impl InboundFilter for Authenticate {
    fn name(&self) -> &'static str {
        "authenticate"
    }

    fn inbound<'a>(&'a self, transit: &'a mut Transit) -> Step<'a> {
        let Some(route) = transit.route() else { return Step::CONTINUE };
        let token_use = route.token;
        let Some(value) = transit.headers().get(header::AUTHORIZATION) else { return Step::CONTINUE };
        let Some(token) = bearer(value) else {
            // Other schemes are the application's business where it hands out tokens, and nobody's elsewhere.
            if token_use != TokenUse::Ignore {
                transit.headers_mut().remove(header::AUTHORIZATION);
            }
            return Step::CONTINUE;
        };
        if transit.headers().get_all(header::AUTHORIZATION).iter().count() > 1 {
            return Step::answer(invalid("Authorization is sent more than once"));
        }
        if token_use == TokenUse::Share && !token.contains('.') {
            return Step::CONTINUE;
        }
        let token: Box<str> = token.into();
        // Client tokens stop at the edge.
        transit.headers_mut().remove(header::AUTHORIZATION);
        if token_use == TokenUse::Ignore {
            return Step::CONTINUE;
        }
        let worker = Rc::clone(&transit.worker);
        let keys = worker.shared.keys.current();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        if let Some(known) = worker.tokens.find(&token, &keys, now) {
            worker.stats().tokens_cached.add(1);
            return Step::Done(settle(transit, known));
        }
        worker.stats().tokens_verified.add(1);
        match check(&token, &keys, &transit.active.config().tokens) {
            TokenCheck::Valid(identity) => {
                worker.tokens.insert(Rc::clone(&identity));
                Step::Done(settle(transit, Ok(identity)))
            }
            TokenCheck::Refused(failure) => Step::answer(failure),
            TokenCheck::UnknownKey { kid } => Step::Wait(Box::pin(async move {
                if !worker.shared.keys.refresh_for(&kid).await && worker.shared.keys.current().is_empty() {
                    return Verdict::answer(Failure::KeysUnavailable);
                }
                let keys = worker.shared.keys.current();
                match check(&token, &keys, &transit.active.config().tokens) {
                    TokenCheck::Valid(identity) => {
                        worker.tokens.insert(Rc::clone(&identity));
                        settle(transit, Ok(identity))
                    }
                    TokenCheck::Refused(failure) => Verdict::answer(failure),
                    TokenCheck::UnknownKey { .. } => Verdict::answer(invalid("the access token's key is not known")),
                }
            })),
        }
    }
}

fn settle(transit: &mut Transit, checked: Result<Rc<Identity>, Failure>) -> Verdict {
    match checked {
        Ok(identity) => {
            transit.identity = Some(identity);
            Verdict::Continue
        }
        Err(failure) => Verdict::answer(failure),
    }
}

/// The token of `Bearer <token>` (RFC 6750, 2.1); the scheme's case does not matter.
fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
pub(crate) mod tests;
