//! Answers: read whole and bounded, or as they come.

use std::time::Duration;

use bijou_problem::Problem;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde::de::DeserializeOwned;

use crate::CallError;
use crate::balance::Lease;

/// An answer read whole, of any status.
#[derive(Debug)]
pub struct Response {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// The instance that answered: id, or address when there is no registry.
    pub instance: String,
    /// The called application.
    pub app: String,
    pub(crate) idempotent: bool,
}

impl Response {
    /// This answer if it is a success, the problem it carries otherwise.
    pub fn success(self) -> Result<Self, CallError> {
        if self.status.is_success() {
            return Ok(self);
        }
        let problem = Problem::parse(self.status, &self.body)
            .unwrap_or_else(|| Problem::new(self.status, format!("http-{}", self.status.as_u16())));
        Err(CallError::Problem {
            app: self.app,
            status: self.status,
            problem: Box::new(problem),
            idempotent: self.idempotent,
        })
    }

    /// The body as JSON, whatever the status.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        serde_json::from_slice(&self.body)
            .map_err(|source| CallError::Unreadable { app: self.app.clone(), source: source.into() })
    }

    /// A header's value where it is readable text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// An answer whose body is still coming. Holds its instance's place in the balance until dropped.
#[derive(Debug)]
pub struct StreamResponse {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// The instance that answers.
    pub instance: String,
    pub(crate) app: String,
    pub(crate) body: Incoming,
    pub(crate) lease: Option<Lease>,
    pub(crate) idempotent: bool,
}

impl StreamResponse {
    /// The next piece of the body, `None` at its end. Waits at most `idle`: a stream without a heartbeat is dead.
    pub async fn chunk(&mut self, idle: Duration) -> Result<Option<Bytes>, CallError> {
        loop {
            let Ok(frame) = tokio::time::timeout(idle, self.body.frame()).await else {
                return Err(CallError::TimedOut {
                    app: self.app.clone(),
                    instance: self.instance.clone(),
                    after: idle,
                    idempotent: self.idempotent,
                });
            };
            match frame {
                None => {
                    self.lease.take();
                    return Ok(None);
                }
                Some(Err(source)) => {
                    return Err(CallError::Broken {
                        app: self.app.clone(),
                        instance: self.instance.clone(),
                        source: source.into(),
                        idempotent: self.idempotent,
                    });
                }
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
            }
        }
    }

    /// The body itself, to be passed through. The instance's place in the balance is given up here.
    pub fn into_body(self) -> Incoming {
        self.body
    }
}
