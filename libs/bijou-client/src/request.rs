//! Building a request. Mistakes are kept until it is sent, so that a call reads as one expression.

use std::borrow::Cow;
use std::time::Duration;

use bijou_resilience::Deadline;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{CallContext, CallError, Client, Credentials, Response, StreamResponse, Target};

/// What RFC 3986 leaves unreserved stays as it is.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A path segment made of outside text, such as an id: `format!("/v1/titles/{}", segment(id))`.
pub fn segment(text: &str) -> Cow<'_, str> {
    match text {
        // A lone dot or two would be taken for "here" and "up".
        "." => "%2E".into(),
        ".." => "%2E%2E".into(),
        _ => utf8_percent_encode(text, SEGMENT).into(),
    }
}

/// A request on its way to be sent.
#[derive(Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct RequestBuilder {
    pub(crate) client: Client,
    pub(crate) target: Target,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) context: CallContext,
    pub(crate) idempotent: bool,
    pub(crate) attempt_timeout: Duration,
    pub(crate) body_bytes_max: usize,
    pub(crate) mistake: Option<String>,
}

impl RequestBuilder {
    pub(crate) fn new(client: Client, target: Target, method: Method, path: &str) -> Self {
        let mistake = (!path.starts_with('/')).then(|| format!("path `{path}` does not begin with `/`"));
        Self {
            idempotent: method.is_idempotent(),
            attempt_timeout: client.inner.config.attempt_timeout,
            body_bytes_max: client.inner.config.body_bytes_max,
            path: path.to_owned(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            context: CallContext::default(),
            client,
            target,
            method,
            mistake,
        }
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        let separator = if self.path.contains('?') { '&' } else { '?' };
        let value = value.to_string();
        self.path.push(separator);
        self.path.extend(utf8_percent_encode(name, SEGMENT));
        self.path.push('=');
        self.path.extend(utf8_percent_encode(&value, SEGMENT));
        self
    }

    /// Adds a query parameter where there is a value.
    pub fn query_if(self, name: &str, value: Option<impl std::fmt::Display>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Sets a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
            }
            // The value is not named: it may be a secret.
            _ => self.mistake = Some(format!("header `{name}` cannot be sent as given")),
        }
        self
    }

    /// Sets everything that comes from the request being served.
    pub fn context(mut self, context: &CallContext) -> Self {
        self.context = context.clone();
        self
    }

    /// Sets on whose behalf the call is made.
    pub fn passport(mut self, credentials: Credentials) -> Self {
        self.context.credentials = credentials;
        self
    }

    /// Sets when the answer is of no use any more. Without one the client's own budget applies.
    pub fn deadline(mut self, deadline: Deadline) -> Self {
        self.context.deadline = Some(deadline);
        self
    }

    /// Sets how long one instance may take, for calls known to be slow (long polls) or quick.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Declares that repeating this request does no harm (it carries an `Idempotency-Key`), or that it would.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Sets the longest body read by [`RequestBuilder::send`].
    pub fn body_bytes_max(mut self, bytes: usize) -> Self {
        self.body_bytes_max = bytes;
        self
    }

    /// Sends a body as JSON.
    pub fn json(self, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => self.body("application/json", body),
            Err(error) => Self { mistake: Some(format!("body does not serialise: {error}")), ..self },
        }
    }

    /// Sends a body of any type.
    pub fn body(mut self, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        self.body = body.into();
        self
    }

    /// Sends it and reads the answer whole, whatever its status.
    pub async fn send(self) -> Result<Response, CallError> {
        crate::attempt::send(self).await
    }

    /// Sends it and reads a JSON answer; any status but a success is [`CallError::Problem`].
    pub async fn send_json<T: DeserializeOwned>(mut self) -> Result<T, CallError> {
        self.headers.entry(ACCEPT).or_insert(HeaderValue::from_static("application/json"));
        self.send().await?.success()?.json()
    }

    /// Sends it and returns as soon as the head is there; the body comes in pieces.
    ///
    /// The deadline ends with the head: a stream lives as long as both sides like.
    pub async fn send_stream(self) -> Result<StreamResponse, CallError> {
        crate::attempt::send_stream(self).await
    }
}
