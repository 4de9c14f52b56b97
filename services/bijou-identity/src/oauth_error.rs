//! Errors below `/oauth`: the form of RFC 6749, 5.2, for ours and the chassis' alike.

use axum::response::{IntoResponse, Response};
use bijou_chassis::Json;
use bijou_client::CallError;
use bijou_problem::Problem;
use bijou_profiles_api::Refusal;
use bijou_resilience::Limited;
use bijou_store::StoreError;
use http::header::{CACHE_CONTROL, RETRY_AFTER, SET_COOKIE, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::cookie;
use crate::keyring::KeyRingError;

/// Why a token request failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OauthError {
    #[error("{0}")]
    InvalidRequest(&'static str),
    #[error("the client is not known, or its secret is wrong")]
    InvalidClient,
    /// `cookie`: the token came in one, which is now of no use.
    #[error("the refresh token is not known, was used before, or its session is over")]
    InvalidGrant { cookie: bool, secure: bool },
    #[error("this grant type is not offered")]
    UnsupportedGrantType,
    #[error("a scope is not known or may not be granted")]
    InvalidScope,
    /// RFC 8693, 2.2.2, asks for `invalid_request` here.
    #[error("the subject token is not one of ours, has expired, or its session is over")]
    SubjectToken,
    #[error("`resource` or `audience` names nothing that tokens are given for")]
    InvalidTarget,
    #[error("{}", words(*.0))]
    Refused(Refusal),
    #[error("another profile was chosen in this session at the same moment")]
    ChosenElsewhere,
    #[error("profiles is away for a moment")]
    ProfilesAway(#[from] CallError),
    #[error("partners is away for a moment, which knows this client")]
    PartnersAway(#[source] CallError),
    /// RFC 8628, 3.5, has this and the next three.
    #[error("nobody has decided yet")]
    AuthorizationPending,
    #[error("nobody has decided yet, and the device asks too often: wait five seconds longer from now on")]
    SlowDown,
    #[error("the device was refused")]
    AccessDenied,
    #[error("the device code has expired: begin again")]
    ExpiredToken,
    #[error("the device code is not known, was used before, or is another client's")]
    DeviceCode,
    #[error("too many devices wait to be signed in")]
    DevicesFull,
    #[error("too many attempts")]
    TooMany(#[from] Limited),
    #[error("identity is away for a moment")]
    Store(#[from] StoreError),
    #[error("identity is away for a moment")]
    Keys(#[from] KeyRingError),
}

/// The body of an error (RFC 6749, 5.2), with members of our own where a program has to tell more apart.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = IdentityOauthError)]
pub(crate) struct OauthErrorBody {
    /// One of the registered codes.
    #[schema(value_type = String, example = "invalid_grant")]
    error: &'static str,
    /// For the developer.
    error_description: String,
    /// Why, of a token exchange: `pin-required`, `pin-wrong`, `pin-locked`, `profile-not-found`,
    /// `subject-token-invalid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, nullable = false, example = "pin-wrong")]
    bijou_code: Option<&'static str>,
    /// With `pin-wrong`: PINs that will still be looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    tries_left: Option<u32>,
}

impl OauthError {
    fn code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::InvalidRequest(_) | Self::SubjectToken => (StatusCode::BAD_REQUEST, "invalid_request"),
            Self::InvalidClient => (StatusCode::UNAUTHORIZED, "invalid_client"),
            Self::InvalidGrant { .. } | Self::Refused(_) | Self::DeviceCode => {
                (StatusCode::BAD_REQUEST, "invalid_grant")
            }
            Self::AuthorizationPending => (StatusCode::BAD_REQUEST, "authorization_pending"),
            Self::SlowDown => (StatusCode::BAD_REQUEST, "slow_down"),
            Self::AccessDenied => (StatusCode::BAD_REQUEST, "access_denied"),
            Self::ExpiredToken => (StatusCode::BAD_REQUEST, "expired_token"),
            Self::UnsupportedGrantType => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            Self::InvalidScope => (StatusCode::BAD_REQUEST, "invalid_scope"),
            Self::InvalidTarget => (StatusCode::BAD_REQUEST, "invalid_target"),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "temporarily_unavailable"),
            Self::ChosenElsewhere
            | Self::ProfilesAway(_)
            | Self::PartnersAway(_)
            | Self::DevicesFull
            | Self::Store(_)
            | Self::Keys(_) => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
        }
    }

    fn bijou_code(&self) -> Option<&'static str> {
        match self {
            Self::SubjectToken => Some("subject-token-invalid"),
            Self::Refused(Refusal::PinRequired) => Some("pin-required"),
            Self::Refused(Refusal::PinWrong { .. }) => Some("pin-wrong"),
            Self::Refused(Refusal::PinLocked { .. }) => Some("pin-locked"),
            Self::Refused(Refusal::ProfileNotFound) => Some("profile-not-found"),
            _ => None,
        }
    }

    fn retry_after_s(&self) -> Option<u32> {
        match self {
            Self::Refused(Refusal::PinLocked { retry_after_s }) => Some(*retry_after_s),
            Self::TooMany(limited) => {
                Some(u32::try_from(limited.retry_after.as_secs().saturating_add(1)).unwrap_or(u32::MAX))
            }
            Self::ChosenElsewhere | Self::ProfilesAway(_) | Self::PartnersAway(_) | Self::Store(_) | Self::Keys(_) => {
                Some(1)
            }
            // The oldest of them expire in minutes.
            Self::DevicesFull => Some(60),
            _ => None,
        }
    }
}

fn words(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::PinRequired => "a PIN is needed for this profile, or for leaving the one in use",
        Refusal::PinWrong { .. } => "the PIN is wrong",
        Refusal::PinLocked { .. } => "too many wrong PINs: none is looked at for a while",
        Refusal::ProfileNotFound => "the account has no such profile",
    }
}

impl IntoResponse for OauthError {
    fn into_response(self) -> Response {
        let (status, code) = self.code();
        if status.is_server_error() {
            tracing::error!(error = &self as &dyn std::error::Error, "token request failed");
        }
        let tries_left = match self {
            Self::Refused(Refusal::PinWrong { tries_left }) => Some(tries_left),
            _ => None,
        };
        let error_description = self.to_string();
        let bijou_code = self.bijou_code();
        let mut response = body(status, OauthErrorBody { error: code, error_description, bijou_code, tries_left });
        if let Some(seconds) = self.retry_after_s() {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        match self {
            // RFC 6749 wants the scheme the client may use next time.
            Self::InvalidClient => {
                response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"oauth\""));
            }
            Self::InvalidGrant { cookie: true, secure } => {
                response.headers_mut().insert(SET_COOKIE, cookie::remove(secure));
            }
            _ => {}
        }
        response
    }
}

/// What the chassis refused, in this form.
pub(crate) fn render_problem(problem: &Problem) -> Response {
    let error = match problem.status {
        StatusCode::UNAUTHORIZED => "invalid_client",
        status if status.is_server_error() => "temporarily_unavailable",
        _ => "invalid_request",
    };
    let error_description = problem.detail.clone().unwrap_or_else(|| problem.title.to_string());
    body(problem.status, OauthErrorBody { error, error_description, ..OauthErrorBody::default() })
}

fn body(status: StatusCode, body: OauthErrorBody) -> Response {
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
