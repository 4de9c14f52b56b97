//! Errors below `/partner/oauth`: the form of RFC 6749, 5.2, for ours and the chassis' alike.

use axum::response::{IntoResponse, Response};
use bijou_chassis::Json;
use bijou_problem::Problem;
use bijou_store::StoreError;
use http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

/// Why a token request failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OauthError {
    #[error("{0}")]
    InvalidRequest(&'static str),
    /// One text for all of it: whoever guesses learns nothing.
    #[error("the app is not known or not in production, or this is not a secret of it that works")]
    InvalidClient,
    #[error("only `client_credentials` is offered")]
    UnsupportedGrantType,
    #[error("a scope is not known, or the app does not have it")]
    InvalidScope,
    #[error("partners is away for a moment")]
    Store(#[from] StoreError),
}

/// The body of an error (RFC 6749, 5.2).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnersOauthError)]
pub(crate) struct OauthErrorBody {
    /// One of the registered codes.
    #[schema(value_type = String, example = "invalid_client")]
    error: &'static str,
    /// For the developer.
    error_description: String,
}

impl OauthError {
    fn code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::InvalidRequest(_) => (StatusCode::BAD_REQUEST, "invalid_request"),
            Self::InvalidClient => (StatusCode::UNAUTHORIZED, "invalid_client"),
            Self::UnsupportedGrantType => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
            Self::InvalidScope => (StatusCode::BAD_REQUEST, "invalid_scope"),
            Self::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
        }
    }
}

impl IntoResponse for OauthError {
    fn into_response(self) -> Response {
        let (status, error) = self.code();
        let mut response = body(status, OauthErrorBody { error, error_description: self.to_string() });
        match self {
            Self::Store(_) => {
                tracing::error!(error = &self as &dyn std::error::Error, "token request failed");
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(1));
            }
            // RFC 6749 wants the scheme the client may use next time.
            Self::InvalidClient => {
                let scheme = HeaderValue::from_static("Basic realm=\"partner\"");
                response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
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
    body(problem.status, OauthErrorBody { error, error_description })
}

fn body(status: StatusCode, body: OauthErrorBody) -> Response {
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
