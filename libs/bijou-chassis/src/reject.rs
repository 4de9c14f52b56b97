//! `Reject`: how a handler says no.
//!
//! A problem for the caller plus the error that caused it. The cause never reaches the answer; it is logged once, with
//! its whole chain, where the response is finished (`answer.rs`), which also adds the request id. Services turn their
//! own error enum into this in one table (`impl From<CatalogError> for Reject`).

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bijou_problem::{MEDIA_TYPE, Problem};
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode};

/// Any error that can be a cause.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// A refusal: the problem that is answered and the cause that is logged.
#[derive(Debug)]
pub struct Reject(Box<Inner>);

#[derive(Debug)]
struct Inner {
    problem: Problem,
    headers: HeaderMap,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

/// What a rejecting response carries to the place where it is finished. Cheap to clone, as extensions must be.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) problem: Arc<Problem>,
    pub(crate) cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl Reject {
    /// A refusal without a cause worth logging.
    pub fn new(problem: Problem) -> Self {
        Self(Box::new(Inner { problem, headers: HeaderMap::new(), cause: None }))
    }

    /// A refusal with the usual title of its status.
    pub fn with_code(status: StatusCode, code: &'static str) -> Self {
        Self::new(Problem::new(status, code))
    }

    /// 500 `internal-error`: a broken invariant or a fault the caller can do nothing about.
    pub fn internal(cause: impl Into<BoxError>) -> Self {
        let problem = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal-error")
            .title("Something went wrong on our side")
            .detail("The request may be tried again; name its request id when you report it.");
        Self::new(problem).because(cause)
    }

    /// 503 `unavailable` with `Retry-After`: something this service needs is away for the moment.
    pub fn unavailable(cause: impl Into<BoxError>) -> Self {
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable")
            .title("This part of the platform is away for a moment");
        Self::new(problem).with_retry_after_s(1).because(cause)
    }

    /// Adds the error behind the refusal, for the log.
    pub fn because(mut self, cause: impl Into<BoxError>) -> Self {
        self.0.cause = Some(Arc::from(cause.into()));
        self
    }

    /// Adds a response header.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    /// Adds `Retry-After` in whole seconds.
    pub fn with_retry_after_s(self, seconds: u32) -> Self {
        self.with_header(http::header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// The problem that will be answered.
    pub fn problem(&self) -> &Problem {
        &self.0.problem
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.problem.fmt(f)
    }
}

impl From<Problem> for Reject {
    fn from(problem: Problem) -> Self {
        Self::new(problem)
    }
}

impl IntoResponse for Reject {
    fn into_response(self) -> Response {
        let Inner { problem, headers, cause } = *self.0;
        let mut response = problem_response(&problem);
        response.headers_mut().extend(headers);
        response.extensions_mut().insert(Refusal { problem: Arc::new(problem), cause });
        response
    }
}

/// A problem document as a response.
pub(crate) fn problem_response(problem: &Problem) -> Response {
    let mut response = Response::new(Body::from(problem.to_bytes()));
    *response.status_mut() = problem.status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    response
}

/// An error with everything behind it, as one line.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_keeps_its_cause_out_of_the_answer() {
        let response = Reject::internal("table is missing").into_response();
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()[CONTENT_TYPE], MEDIA_TYPE);
        let refusal = response.extensions().get::<Refusal>().expect("kept for the log");
        assert_eq!(refusal.cause.as_ref().map(ToString::to_string).as_deref(), Some("table is missing"));
        assert!(!String::from_utf8_lossy(&refusal.problem.to_bytes()).contains("table"));
    }

    #[test]
    fn a_chain_names_every_source() {
        #[derive(Debug, thiserror::Error)]
        #[error("failed to read")]
        struct Outer(#[source] std::io::Error);
        assert_eq!(chain(&Outer(std::io::Error::other("disk is gone"))), "failed to read: disk is gone");
    }
}
