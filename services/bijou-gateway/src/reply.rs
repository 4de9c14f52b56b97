//! What goes back to the client: an origin's answer or the gateway's own.

use bijou_problem::{MEDIA_TYPE, Problem};
use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderValue};
use http::{Response, StatusCode};

use crate::body::ReplyBody;
use crate::failure::Failure;

/// An answer on its way out.
#[derive(Debug, Default)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: ReplyBody,
    /// Why the gateway answered by itself; `None` for origins' answers and for what is no failure.
    pub failure: Option<Failure>,
}

impl Reply {
    /// An answer without body.
    pub fn new(status: StatusCode) -> Self {
        Self { status, ..Self::default() }
    }

    /// An answer with bytes the gateway holds.
    pub fn with_body(status: StatusCode, media_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut reply = Self::new(status);
        reply.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        reply.body = ReplyBody::Full(body.into());
        reply
    }

    /// A JSON answer.
    pub fn json(status: StatusCode, value: &serde_json::Value) -> Self {
        Self::with_body(status, "application/json", value.to_string())
    }

    /// A problem that is not one of the gateway's own failures: for filters.
    pub fn problem(problem: &Problem) -> Self {
        let mut reply = Self::with_body(problem.status, MEDIA_TYPE, problem.to_bytes());
        reply.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        reply
    }

    /// One more header field.
    pub fn header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The body of a failure; made last, because it names the request.
    pub(crate) fn of_failure(failure: &Failure, request_id: &str) -> (HeaderMap, Bytes) {
        let mut headers = HeaderMap::with_capacity(12);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = failure.retry_after_s() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(challenge) = failure.challenge() {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if let Failure::MethodNotAllowed { allowed } = failure
            && let Ok(value) = HeaderValue::from_str(allowed)
        {
            headers.insert(header::ALLOW, value);
        }
        if failure.closes_connection() {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        (headers, failure.problem().for_request(request_id).to_bytes())
    }
}

impl From<Failure> for Reply {
    fn from(failure: Failure) -> Self {
        Self { status: failure.status(), failure: Some(failure), ..Self::default() }
    }
}

impl From<Response<ReplyBody>> for Reply {
    fn from(response: Response<ReplyBody>) -> Self {
        let (parts, body) = response.into_parts();
        Self { status: parts.status, headers: parts.headers, body, failure: None }
    }
}
