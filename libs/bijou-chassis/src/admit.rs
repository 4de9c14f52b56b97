//! What a request passes before its handler: room, a deadline, a passport, a body of bounded length.
//!
//! In this order on purpose. Room first, because everything after it costs something; the passport before the body,
//! because strangers' bodies are not worth reading.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use bijou_passport::Verifier;
use bijou_problem::Problem;
use bijou_resilience::Deadline;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, StatusCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::extract::body::{BodyLimit, too_large};
use crate::extract::{Caller, RequestContext};
use crate::metrics::HttpMetrics;
use crate::settings::Limits;
use crate::{Reject, passport};

/// Header with the urgency the edge found.
const PRIORITY: &str = "bijou-priority";

/// Decides who comes in.
pub(crate) struct Gate {
    verifier: Arc<Verifier>,
    limits: Limits,
    room: Arc<Semaphore>,
    metrics: HttpMetrics,
}

impl Gate {
    /// `room` has as many places as `limits.in_flight_max` says.
    pub(crate) fn new(verifier: Arc<Verifier>, limits: Limits, room: Arc<Semaphore>, metrics: HttpMetrics) -> Self {
        Self { verifier, limits, room, metrics }
    }

    /// A place among the requests in flight, held until its answer is sent.
    pub(crate) fn enter(&self) -> Result<OwnedSemaphorePermit, Reject> {
        Arc::clone(&self.room).try_acquire_owned().map_err(|_| {
            self.metrics.refused("overloaded");
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded")
                .title("Too many requests at the same time")
                .detail(format!("at most {} are worked on at the same time", self.limits.in_flight_max));
            Reject::new(problem).with_retry_after_s(1)
        })
    }

    /// Checks the request, runs its handler, and gives up on it when nobody waits any more.
    pub(crate) async fn pass(
        &self,
        request_id: Arc<str>,
        mut request: Request,
        next: Next,
    ) -> Result<Response, Reject> {
        let deadline = self.deadline(request.headers(), Instant::now())?;
        let whole = async {
            let caller = self.caller(request.uri().path(), request.headers()).await?;
            self.check_length(request.headers())?;
            request.extensions_mut().insert(BodyLimit(self.limits.body_bytes_max));
            let priority = request.headers().get(PRIORITY).and_then(|value| value.to_str().ok()).map(Arc::from);
            let token = caller.as_ref().map(|caller| Arc::from(caller.token()));
            let account = caller.as_ref().and_then(|caller| caller.account().map(Arc::from));
            request.extensions_mut().insert(RequestContext { request_id, deadline, priority, token, account });
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            Ok(next.run(request).await)
        };
        let in_time = tokio::time::timeout_at(deadline.instant().into(), whole).await;
        in_time.unwrap_or_else(|_| {
            self.metrics.refused("deadline-exceeded");
            Err(too_late())
        })
    }

    fn deadline(&self, headers: &HeaderMap, now: Instant) -> Result<Deadline, Reject> {
        let Some(value) = headers.get(Deadline::HEADER) else {
            return Ok(Deadline::after(now, Duration::from_millis(self.limits.deadline_ms)));
        };
        let text = value.to_str().unwrap_or("not text");
        let deadline = Deadline::from_header_ms(text, now).map_err(|error| {
            let problem = Problem::new(StatusCode::BAD_REQUEST, "deadline-invalid")
                .title("The deadline is not a number of milliseconds");
            Reject::new(problem.detail(error.to_string()))
        })?;
        if deadline.is_past(now) {
            self.metrics.refused("deadline-exceeded");
            return Err(too_late());
        }
        Ok(deadline)
    }

    async fn caller(&self, path: &str, headers: &HeaderMap) -> Result<Option<Caller>, Reject> {
        if passport::is_exempt(path) {
            return Ok(None);
        }
        let checked = passport::check(&self.verifier, headers, SystemTime::now()).await;
        checked.map(Some).inspect_err(|_| self.metrics.refused("passport"))
    }

    /// A length that is announced is judged before a byte is read; others are cut off while reading.
    fn check_length(&self, headers: &HeaderMap) -> Result<(), Reject> {
        let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        if announced.is_some_and(|length| length > self.limits.body_bytes_max as u64) {
            return Err(too_large(self.limits.body_bytes_max));
        }
        Ok(())
    }
}

fn too_late() -> Reject {
    let problem = Problem::new(StatusCode::GATEWAY_TIMEOUT, "deadline-exceeded")
        .title("The answer was not ready in time")
        .detail("The work was given up; it may be tried again with more time.");
    Reject::new(problem)
}
