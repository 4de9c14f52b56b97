//! Signing in: by the operator's token or by an account, and the cookie either is exchanged for.
//!
//! The cookie carries who it is and its own end, signed with the token as the key. So it survives a restart of the console, and a new
//! token ends every session. Signing out takes it from the browser; there is no list to strike it from.

use std::num::NonZeroU32;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bijou_chassis::{Json, Reject};
use bijou_problem::Problem;
use bijou_resilience::{Pace, Quota};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::header::{AUTHORIZATION, COOKIE, SET_COOKIE};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use utoipa::ToSchema;

use super::{Operator, account};
use crate::audit::{Actor, Change};
use crate::time;

/// Name of the cookie.
const COOKIE_NAME: &str = "bijou_operator";

/// How long a session lasts: a working day.
const LASTS: Duration = Duration::from_hours(12);

/// Wrong tokens a minute before sign-ins are refused for a while. The token has 190 bits; this is against noise.
const TRIES: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");

/// Who signed in with the token the platform printed.
const BOOTSTRAP: &str = "token";

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// `token`, or the operator's e-mail address.
    pub who: String,
    /// Seconds since 1970.
    pub expires_s: u64,
}

/// Who may come in.
pub struct Sessions {
    token: String,
    quota: Quota,
    pace: Mutex<Pace>,
}

impl Sessions {
    /// Sessions of those who know this token.
    pub fn new(token: String) -> Self {
        Self { token, quota: Quota::per_minute(TRIES), pace: Mutex::default() }
    }

    /// Whether this is the token. Hashes are compared, so that neither content nor length shows in the time it takes.
    pub fn is_token(&self, given: &str) -> bool {
        let digest = |text: &str| Sha256::digest(text.as_bytes());
        bool::from(digest(given).as_slice().ct_eq(digest(&self.token).as_slice()))
    }

    /// The value of a session's cookie.
    fn issue(&self, session: &Session) -> String {
        let Session { who, expires_s } = session;
        let mac = self.mac(session).finalize().into_bytes();
        format!("{expires_s}.{}.{}", URL_SAFE_NO_PAD.encode(who), URL_SAFE_NO_PAD.encode(mac))
    }

    /// A cookie's session, `None` when it has ended or was never ours.
    fn read(&self, cookie: &str, now_s: u64) -> Option<Session> {
        let mut parts = cookie.split('.');
        let (expires_s, who, mac) = (parts.next()?, parts.next()?, parts.next()?);
        let expires_s = expires_s.parse().ok().filter(|expires_s| *expires_s > now_s)?;
        let who = String::from_utf8(URL_SAFE_NO_PAD.decode(who).ok()?).ok()?;
        let session = Session { who, expires_s };
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        self.mac(&session).verify_slice(&mac).ok().map(|()| session)
    }

    fn mac(&self, session: &Session) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.token.as_bytes()).expect("HMAC takes keys of any length");
        mac.update(b"bijou operator session ");
        mac.update(&session.expires_s.to_be_bytes());
        mac.update(session.who.as_bytes());
        mac
    }

    /// The session of a request: by its cookie, or by its bearer token, which never ends (told as a working day).
    pub fn of(&self, headers: &HeaderMap, now: SystemTime) -> Option<Session> {
        let now_s = seconds(now);
        if let Some(bearer) = bearer(headers) {
            return self.is_token(bearer).then(|| session_from(now_s, BOOTSTRAP.to_owned()));
        }
        cookies(headers).find_map(|cookie| self.read(cookie, now_s))
    }

    fn spend_try(&self) -> Result<(), Reject> {
        let mut pace = self.pace.lock().expect("nothing panics while it is held");
        self.quota.check(&mut pace, Instant::now()).map(|_| ()).map_err(|limited| {
            let seconds = limited.retry_after.as_secs() as u32 + 1;
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "sign-in-limited").title("Too many tries");
            Reject::new(problem.detail(format!("try again in {seconds} s"))).with_retry_after_s(seconds)
        })
    }

    fn give_back_try(&self) {
        self.quota.refund(&mut self.pace.lock().expect("nothing panics while it is held"));
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';'));
    pairs.filter_map(|pair| pair.trim().strip_prefix(COOKIE_NAME)?.strip_prefix('='))
}

fn session_from(now_s: u64, who: String) -> Session {
    Session { who, expires_s: now_s + LASTS.as_secs() }
}

fn seconds(at: SystemTime) -> u64 {
    at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// The token from the printed link, or an account that may operate.
#[derive(Deserialize)]
#[serde(try_from = "Credentials")]
pub enum SignIn {
    Token(String),
    Account { email: String, password: String },
}

/// Either `token`, or `email` and `password`. One object of optional members, so that clients of the release that knew
/// the token alone go on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConsoleSignIn)]
pub struct Credentials {
    /// From the printed link.
    token: Option<String>,
    email: Option<String>,
    #[schema(format = Password)]
    password: Option<String>,
}

impl TryFrom<Credentials> for SignIn {
    type Error = &'static str;

    fn try_from(given: Credentials) -> Result<Self, Self::Error> {
        match given {
            Credentials { token: Some(token), email: None, password: None } => Ok(Self::Token(token)),
            Credentials { token: None, email: Some(email), password: Some(password) } => {
                Ok(Self::Account { email, password })
            }
            _ => Err("give either `token`, or `email` and `password`"),
        }
    }
}

/// A session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleSession)]
pub struct SessionView {
    signed_in: bool,
    /// `token`, or the operator's e-mail address.
    who: String,
    /// RFC 3339, UTC.
    expires_at: String,
}

/// 401 for whoever has neither cookie nor token.
pub fn sign_in_required() -> Reject {
    let problem = Problem::new(StatusCode::UNAUTHORIZED, "operator-sign-in-required")
        .title("Sign in first")
        .detail("With an operator's account, or with the token printed where the platform was started.");
    Reject::new(problem)
}

/// Sign in
#[utoipa::path(
    post, path = "/api/session", tag = "session", request_body = Credentials,
    responses(
        (status = 204, description = "Signed in; the cookie is set"),
        (status = 401, description = "`operator-token-wrong`, `operator-credentials-wrong`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`not-an-operator`, or another page", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`audit-unavailable`, `identity-away`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn create_session(
    State(operator): State<Operator>,
    actor: Actor,
    Json(sign_in): Json<SignIn>,
) -> Result<Response, Reject> {
    operator.sessions.spend_try()?;
    let who = match sign_in {
        SignIn::Token(token) if operator.sessions.is_token(&token) => BOOTSTRAP.to_owned(),
        SignIn::Token(_) => {
            let problem = Problem::new(StatusCode::UNAUTHORIZED, "operator-token-wrong").title("That is not the token");
            return Err(Reject::new(problem));
        }
        SignIn::Account { email, password } => {
            account::prove(&operator.context.client, email.trim(), &password).await?
        }
    };
    operator.sessions.give_back_try();
    let session = session_from(seconds(SystemTime::now()), who);
    let actor = actor.signed_in_as(&session.who);
    operator.audit.record(&actor, Change { action: "session.create", ..Change::default() }).await?;
    let value = operator.sessions.issue(&session);
    Ok(with_cookie(&value, LASTS.as_secs()))
}

/// Whether somebody is signed in
#[utoipa::path(
    get, path = "/api/session", tag = "session",
    responses(
        (status = 200, description = "Signed in", body = SessionView),
        (status = 401, description = "Nobody is", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn get_session(State(operator): State<Operator>, headers: HeaderMap) -> Result<Json<SessionView>, Reject> {
    let Session { who, expires_s } = operator.sessions.of(&headers, SystemTime::now()).ok_or_else(sign_in_required)?;
    Ok(Json(SessionView { signed_in: true, who, expires_at: time::rfc3339_ms(expires_s * 1_000) }))
}

/// Sign out
#[utoipa::path(
    delete, path = "/api/session", tag = "session",
    responses(
        (status = 204, description = "Signed out"),
        (status = 403, description = "Another page", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn delete_session() -> Response {
    with_cookie("", 0)
}

fn with_cookie(value: &str, max_age_s: u64) -> Response {
    // Not `Secure`: the listener speaks plain HTTP on loopback, where browsers would drop such a cookie.
    let cookie = format!("{COOKIE_NAME}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Strict");
    (StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_good_until_its_end_and_only_as_issued() {
        let sessions = Sessions::new("token".to_owned());
        let session = Session { who: "ada@example.org".to_owned(), expires_s: 1_000 };
        let cookie = sessions.issue(&session);
        assert_eq!(sessions.read(&cookie, 999), Some(session.clone()));
        assert_eq!(sessions.read(&cookie, 1_000), None);
        assert_eq!(sessions.read(&cookie.replacen("1000", "9000", 1), 999), None);
        let other = sessions.issue(&Session { who: "bob@example.org".to_owned(), ..session });
        let forged = format!(
            "{}.{}",
            &other[..other.rfind('.').expect("a dot")],
            &cookie[cookie.rfind('.').expect("a dot") + 1..]
        );
        assert_eq!(sessions.read(&forged, 999), None);
        assert_eq!(Sessions::new("other".to_owned()).read(&cookie, 999), None);
        assert_eq!(sessions.read("nonsense", 0), None);
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "a=1; bijou_operator=x.y; b=2".parse().expect("a header value"));
        assert_eq!(cookies(&headers).collect::<Vec<_>>(), ["x.y"]);
    }

    #[test]
    fn wrong_tokens_are_limited() {
        let sessions = Sessions::new("token".to_owned());
        assert!((0..TRIES.get()).all(|_| sessions.spend_try().is_ok()));
        assert_eq!(sessions.spend_try().expect_err("too many").problem().code, "sign-in-limited");
    }
}
