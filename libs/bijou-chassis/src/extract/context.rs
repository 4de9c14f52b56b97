//! What a request carries besides its own content: its id, how long somebody waits for it, and on whose behalf it is.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::FromRequestParts;
use bijou_client::{CallContext, Credentials};
use bijou_resilience::Deadline;
use http::request::Parts;

/// Longest wait for a request that no chassis gave a limit (a unit test).
const BUDGET_UNSET: Duration = Duration::from_secs(10);

/// The request's id, deadline, priority and passport. Its trace is the current `tracing` span.
#[derive(Debug, Clone)]
pub struct RequestContext {
    pub(crate) request_id: Arc<str>,
    pub(crate) deadline: Deadline,
    pub(crate) priority: Option<Arc<str>>,
    pub(crate) token: Option<Arc<str>>,
    pub(crate) account: Option<Arc<str>>,
}

impl RequestContext {
    /// A context of its own, for tests of handlers without a server.
    pub fn new(request_id: impl Into<Arc<str>>, deadline: Deadline) -> Self {
        Self { request_id: request_id.into(), deadline, priority: None, token: None, account: None }
    }

    /// The id by which logs, spans and the answer can be found again.
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// When nobody waits for the answer any more.
    pub fn deadline(&self) -> Deadline {
        self.deadline
    }

    /// For calls made on the caller's behalf: its passport, deadline, request id and priority travel on.
    ///
    /// The called service must be in the passport's audience, which the gateway's route declares (`calls`).
    pub fn call(&self) -> CallContext {
        let credentials = self.token.clone().map_or(Credentials::None, Credentials::Forward);
        CallContext { credentials, ..self.call_as_service() }
    }

    /// For calls this service makes on its own account while it serves the request.
    pub fn call_as_service(&self) -> CallContext {
        CallContext {
            credentials: Credentials::Service,
            deadline: Some(self.deadline),
            request_id: Some(Arc::clone(&self.request_id)),
            priority: self.priority.clone(),
            account: self.account.clone(),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestContext {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let known = parts.extensions.get::<Self>().cloned();
        Ok(known.unwrap_or_else(|| Self::new("none", Deadline::after(Instant::now(), BUDGET_UNSET))))
    }
}
