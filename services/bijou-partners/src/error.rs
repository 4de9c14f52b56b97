//! What can go wrong, and the one table from there to status and code.

use bijou_chassis::Reject;
use bijou_problem::Problem;
use bijou_store::StoreError;
use http::StatusCode;
use http::header::{HeaderName, HeaderValue, WWW_AUTHENTICATE};

use crate::domain::target::NotThere;

/// An error of one request.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PartnersError {
    #[error("{what} `{id}` not found")]
    NotFound { what: &'static str, id: String },
    #[error("`{field}` {reason}")]
    Invalid { field: &'static str, reason: String },
    #[error("at most {max} {what}")]
    TooMany { what: &'static str, max: u32 },
    #[error("the stage does not allow it")]
    Stage { stage: &'static str, detail: &'static str },
    #[error("no key")]
    KeyMissing,
    #[error("not a working key")]
    KeyInvalid { detail: &'static str },
    #[error("not a working token")]
    TokenInvalid,
    #[error("scope `{scope}` missing")]
    ScopeMissing { scope: &'static str },
    #[error("cursor refused")]
    CursorInvalid,
    #[error("cursor of another store")]
    CursorExpired,
    #[error("webhook address refused")]
    Target(#[from] NotThere),
    #[error("titles are not known yet")]
    NoTitlesYet,
    #[error("failed to use the store of partners")]
    Store(#[from] StoreError),
}

impl PartnersError {
    pub(crate) fn not_found(what: &'static str, id: impl Into<String>) -> Self {
        Self::NotFound { what, id: id.into() }
    }

    pub(crate) fn invalid(field: &'static str, reason: impl Into<String>) -> Self {
        Self::Invalid { field, reason: reason.into() }
    }

    fn problem(&self) -> Problem {
        match self {
            Self::NotFound { what, id } => Problem::new(StatusCode::NOT_FOUND, format!("{what}-not-found"))
                .title(format!("There is no such {what}"))
                .detail(format!("you have no {what} `{id}`")),
            Self::Invalid { field, reason } => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "field-invalid")
                .title("A field is not accepted")
                .detail(format!("`{field}` {reason}"))
                .with("field", *field),
            Self::TooMany { what, max } => Problem::new(StatusCode::CONFLICT, format!("too-many-{what}"))
                .title(format!("There are too many {what}"))
                .detail(format!("at most {max} {what} at a time; remove one first")),
            Self::Stage { stage, detail } => Problem::new(StatusCode::CONFLICT, "app-stage")
                .title("The app is not at that point")
                .detail(*detail)
                .with("stage", *stage),
            Self::KeyMissing => Problem::new(StatusCode::UNAUTHORIZED, "api-key-missing")
                .title("An API key is needed")
                .detail("send your key as `x-api-key`, or a token as `Authorization: Bearer`; the portal at /partner/portal makes one"),
            Self::KeyInvalid { detail } => Problem::new(StatusCode::UNAUTHORIZED, "api-key-invalid")
                .title("This API key does not work")
                .detail(*detail),
            Self::TokenInvalid => Problem::new(StatusCode::UNAUTHORIZED, "token-invalid")
                .title("This token does not work")
                .detail("it is over, or its secret was revoked; get another one from /partner/oauth/token"),
            Self::ScopeMissing { scope } => Problem::new(StatusCode::FORBIDDEN, "scope-missing")
                .title("This is not what you may do")
                .detail(format!("the scope `{scope}` is needed: ask for it at /partner/oauth/token"))
                .with("scope", *scope),
            Self::CursorInvalid => Problem::new(StatusCode::BAD_REQUEST, "cursor-invalid")
                .title("This cursor does not lead anywhere")
                .detail("`since` is a `cursor` of an earlier answer; without it everything is told"),
            Self::CursorExpired => Problem::new(StatusCode::GONE, "cursor-expired")
                .title("This cursor is of another time")
                .detail("read /partner/v1/snapshot and go on from its cursor"),
            Self::Target(reason) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "webhook-url-invalid")
                .title("This address cannot be called")
                .detail(format!("`url` {reason}"))
                .with("field", "url"),
            Self::NoTitlesYet => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable")
                .title("The catalog has not told its titles yet"),
            Self::Store(_) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable")
                .title("Partners cannot read its store at the moment"),
        }
    }
}

impl From<PartnersError> for Reject {
    fn from(error: PartnersError) -> Self {
        match error {
            PartnersError::Store(source) if !source.is_passing() => Self::internal(source),
            PartnersError::Store(_) => Self::new(error.problem()).with_retry_after_s(1).because(error),
            PartnersError::NoTitlesYet => Self::new(error.problem()).with_retry_after_s(2),
            PartnersError::KeyMissing | PartnersError::KeyInvalid { .. } => Self::new(error.problem()).with_header(
                WWW_AUTHENTICATE,
                HeaderValue::from_static("ApiKey realm=\"partner\", header=\"x-api-key\""),
            ),
            // RFC 6750, 3.1.
            PartnersError::TokenInvalid => Self::new(error.problem()).with_header(
                WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"partner\", error=\"invalid_token\""),
            ),
            PartnersError::ScopeMissing { scope } => {
                let challenge = format!("Bearer realm=\"partner\", error=\"insufficient_scope\", scope=\"{scope}\"");
                let challenge = HeaderValue::try_from(challenge).expect("a scope is a plain word");
                Self::new(error.problem()).with_header(WWW_AUTHENTICATE, challenge)
            }
            refused => Self::new(refused.problem()),
        }
    }
}

/// Header names of draft-ietf-httpapi-ratelimit-headers.
pub(crate) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
pub(crate) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
