//! Errors below `/oauth`: the form of RFC 6749, 5.2, for ours and the chassis' alike.

use axum::response::{IntoResponse, Response};
use bijou_chassis::Json;
use bijou_problem::Problem;
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
    #[error("identity is away for a moment")]
    Store(#[from] StoreError),
    #[error("identity is away for a moment")]
    Keys(#[from] KeyRingError),
}

/// The body of an error (RFC 6749, 5.2).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentityOauthError)]
pub(crate) struct OauthErrorBody {
    /// One of the registered codes.
    #[schema(value_type = String, example = "invalid_grant")]
    error: &'static str,
    /// For the developer.
    error_description: String,
}

impl OauthError {
    fn code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::InvalidRequest(_) => (StatusCode::BAD_REQUEST, "invalid_request"),
            Self::InvalidClient => (StatusCode::UNAUTHORIZED, "invalid_client"),
            Self::InvalidGrant { .. } => (StatusCode::BAD_REQUEST, "invalid_grant"),
            Self::UnsupportedGrantType => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            Self::InvalidScope => (StatusCode::BAD_REQUEST, "invalid_scope"),
            Self::Store(_) | Self::Keys(_) => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
        }
    }
}

impl IntoResponse for OauthError {
    fn into_response(self) -> Response {
        let (status, code) = self.code();
        if status.is_server_error() {
            tracing::error!(error = &self as &dyn std::error::Error, "token request failed");
        }
        let mut response = body(status, code, self.to_string());
        match self {
            // RFC 6749 wants the scheme the client may use next time.
            Self::InvalidClient => {
                response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"oauth\""));
            }
            Self::InvalidGrant { cookie: true, secure } => {
                response.headers_mut().insert(SET_COOKIE, cookie::remove(secure));
            }
            Self::Store(_) | Self::Keys(_) => {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}

/// What the chassis refused, in this form.
pub(crate) fn render_problem(problem: &Problem) -> Response {
    let code = match problem.status {
        StatusCode::UNAUTHORIZED => "invalid_client",
        status if status.is_server_error() => "temporarily_unavailable",
        _ => "invalid_request",
    };
    let description = problem.detail.clone().unwrap_or_else(|| problem.title.to_string());
    body(problem.status, code, description)
}

fn body(status: StatusCode, error: &'static str, error_description: String) -> Response {
    let mut response = (status, Json(OauthErrorBody { error, error_description })).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
