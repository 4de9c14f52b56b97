//! The outermost layer: gives a request its id and span, and finishes whatever answer it gets.
//!
//! This is the one place where refusals are logged, with the whole chain behind them, and where every error gets the
//! shape its callers expect: problem details with the request id, or another form below a path that asked for one.
//! Panics and bare status codes get it too.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bijou_problem::{MEDIA_TYPE, Problem};
use bijou_telemetry::TraceContext;
use bytes::Bytes;
use futures_util::FutureExt as _;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use http_body::{Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;
use tracing::{Instrument as _, Span, debug, error, field, info, info_span};

use crate::admit::Gate;
use crate::metrics::HttpMetrics;
use crate::reject::{Refusal, chain, problem_response};
use crate::service::ErrorForm;
use crate::{Reject, passport, request_id};

/// What the layer knows about the role it works for.
pub(crate) struct Answering {
    pub(crate) gate: Gate,
    pub(crate) metrics: HttpMetrics,
    pub(crate) error_forms: Vec<ErrorForm>,
    pub(crate) untraced: Vec<&'static str>,
}

/// The layer's entry, for `axum::middleware::from_fn_with_state`.
pub(crate) async fn answer(State(shared): State<Arc<Answering>>, request: Request, next: Next) -> Response {
    // Probes and scrapes come every second and say nothing about anybody's request.
    if matches!(request.uri().path(), "/healthz" | "/readyz" | "/metrics") {
        return next.run(request).await;
    }
    let exchange = Exchange::begin(&request);
    // Keys and documents are fetched by the platform itself all the time; whoever asks for them sees it on its own side.
    let is_housekeeping = passport::is_exempt(request.uri().path());
    let untraced = is_housekeeping || shared.untraced.iter().any(|prefix| request.uri().path().starts_with(prefix));
    if untraced {
        let run = run(&shared, exchange, Span::none(), request, next);
        return bijou_telemetry::suppressed(run).await;
    }
    let span = exchange.span(request.headers());
    run(&shared, exchange, span.clone(), request, next).instrument(span).await
}

/// For listeners of a role's own that stand outside the passport's reach (the operator's): gives ids, turns panics and
/// refusals into problems and logs them, as for everything else. For `axum::middleware::from_fn`.
///
/// No span: who looks at traces must not make more of them.
pub async fn answer_openly(request: Request, next: Next) -> Response {
    let exchange = Exchange::begin(&request);
    let response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => Reject::internal(words_of(panic.as_ref())).into_response(),
    };
    exchange.dress(&[], &Span::none(), response)
}

async fn run(shared: &Arc<Answering>, exchange: Exchange, span: Span, request: Request, next: Next) -> Response {
    shared.metrics.began();
    let mut permit = None;
    let work = async {
        permit = Some(shared.gate.enter()?);
        shared.gate.pass(Arc::clone(&exchange.request_id), request, next).await
    };
    let outcome = AssertUnwindSafe(work).catch_unwind().await;
    let response = match outcome {
        Ok(Ok(response)) => response,
        Ok(Err(reject)) => reject.into_response(),
        Err(panic) => Reject::internal(words_of(panic.as_ref())).into_response(),
    };
    exchange.finish(shared, &span, permit, response)
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let words = words.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panicked: {}", words.as_deref().unwrap_or("a value that is not text"))
}

/// Says whose request the current one is, where only its handler finds out: a sign-in comes without a passport. The request's
/// span carries it from then on (`enduser.id`, `session.id`), as the gateway's does where a token said so.
pub fn note_person(account_id: &str, session_id: Option<&str>) {
    let span = Span::current();
    span.record("enduser.id", account_id);
    if let Some(session_id) = session_id {
        span.record("session.id", session_id);
    }
}

/// One request and what is needed to finish its answer.
struct Exchange {
    request_id: Arc<str>,
    method: Method,
    /// As logs and spans show it.
    path: String,
    /// The template the path matched, so that ids do not become labels.
    route: String,
    started: Instant,
}

impl Exchange {
    fn begin(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
        Self {
            request_id: request_id::of(request.headers()),
            method: request.method().clone(),
            path: bijou_telemetry::shown_path(request.uri().path()).into_owned(),
            route,
            started: Instant::now(),
        }
    }

    fn span(&self, headers: &HeaderMap) -> Span {
        let span = info_span!(
            "request",
            otel.name = format!("{} {}", self.method, self.route),
            otel.kind = "server",
            otel.status_message = field::Empty,
            http.request.method = %self.method,
            http.route = self.route,
            url.path = self.path,
            http.response.status_code = field::Empty,
            error.type = field::Empty,
            bijou.problem = field::Empty,
            bijou.request_id = &*self.request_id,
            enduser.id = field::Empty,
            session.id = field::Empty,
        );
        let caller = headers.get("traceparent").and_then(|value| TraceContext::parse(value.to_str().ok()?));
        if let Some(caller) = caller {
            bijou_telemetry::set_parent(&span, caller);
        }
        span
    }

    fn finish(
        self,
        shared: &Arc<Answering>,
        span: &Span,
        permit: Option<OwnedSemaphorePermit>,
        response: Response,
    ) -> Response {
        let response = self.dress(&shared.error_forms, span, response);
        let status = response.status();
        let tail =
            Tail { exchange: self, status, metrics: shared.metrics.clone(), span: span.clone(), _permit: permit };
        response.map(|body| Body::new(Tailed { body, _tail: tail }))
    }

    /// Shapes, records and logs an answer, and names the request in it.
    fn dress(&self, error_forms: &[ErrorForm], span: &Span, mut response: Response) -> Response {
        let refusal = refusal_of(&mut response);
        if let Some(refusal) = &refusal {
            response = self.reshape(error_forms, refusal, response);
        }
        let status = response.status();
        span.record("http.response.status_code", status.as_u16());
        if let Some(refusal) = &refusal {
            span.record("error.type", refusal.problem.code.as_ref());
            if !span.is_disabled() {
                span.record("bijou.problem", refusal.problem.told());
            }
        }
        if status.is_server_error() {
            let message = refusal.as_ref().map_or("server error", |refusal| refusal.problem.title.as_ref());
            span.record("otel.status_message", message);
        }
        self.log(status, refusal.as_ref(), span);
        let id = HeaderValue::from_str(&self.request_id).expect("request ids are visible ASCII");
        response.headers_mut().insert(HeaderName::from_static(request_id::HEADER), id);
        response
    }

    /// The refusal's document with the request id, in the form this path wants; other headers stay.
    fn reshape(&self, error_forms: &[ErrorForm], refusal: &Refusal, response: Response) -> Response {
        let problem = Problem::clone(&refusal.problem).for_request(&*self.request_id);
        let form = error_forms.iter().find(|form| is_below(&self.path, form.prefix));
        let mut shaped = form.map_or_else(|| problem_response(&problem), |form| (form.render)(&problem));
        for (name, value) in response.headers() {
            if name != CONTENT_TYPE && name != CONTENT_LENGTH && !shaped.headers().contains_key(name) {
                shaped.headers_mut().append(name, value.clone());
            }
        }
        shaped
    }

    fn log(&self, status: StatusCode, refusal: Option<&Refusal>, span: &Span) {
        let Self { method, path, .. } = self;
        let took_ms = self.started.elapsed().as_millis() as u64;
        let status_code = status.as_u16();
        let code = refusal.map(|refusal| refusal.problem.code.as_ref());
        let cause = refusal.and_then(|refusal| refusal.cause.as_deref()).map(|cause| chain(cause));
        if status.is_server_error() {
            let cause = cause.as_deref().or(refusal.map(|refusal| refusal.problem.title.as_ref()));
            let cause = cause.unwrap_or("the service said no more");
            error!(
                http.response.status_code = status_code,
                problem.code = code,
                error.message = cause,
                took_ms,
                "{method} {path} answered {status_code}: {cause}"
            );
        } else if let Some(code) = code {
            info!(
                http.response.status_code = status_code,
                problem.code = code,
                error.message = cause,
                took_ms,
                "{method} {path} refused with {status_code} {code}"
            );
        } else if bijou_telemetry::of(span).is_some_and(|trace| trace.sampled) {
            // One line for each request somebody may look at; the edge's sampling bounds how many those are.
            info!(http.response.status_code = status_code, took_ms, "{method} {path} {status_code} in {took_ms} ms");
        } else {
            debug!(http.response.status_code = status_code, took_ms, "{method} {path} {status_code} in {took_ms} ms");
        }
    }
}

fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What was refused, if anything: also for an error status that somebody answered without a body of its own.
fn refusal_of(response: &mut Response) -> Option<Refusal> {
    if let Some(refusal) = response.extensions_mut().remove::<Refusal>() {
        return Some(refusal);
    }
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    // A document of the service's own is left alone; bare words of the framework are not.
    let is_bare = media_type.is_none_or(|name| name.starts_with("text/plain"));
    if !is_error || !is_bare || media_type == Some(MEDIA_TYPE) {
        return None;
    }
    let code = status.canonical_reason().unwrap_or("failed").to_ascii_lowercase().replace([' ', '\''], "-");
    Some(Refusal { problem: Arc::new(Problem::new(status, code)), cause: None })
}

/// Counts the request, ends its span and frees its place once the answer's last byte is handed over, or nobody is
/// there to take it.
struct Tail {
    exchange: Exchange,
    status: StatusCode,
    metrics: HttpMetrics,
    span: Span,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Drop for Tail {
    fn drop(&mut self) {
        let Exchange { method, route, started, .. } = &self.exchange;
        // Failures are kept whatever the sampling says.
        let is_kept = |trace: &TraceContext| trace.sampled || self.status.is_server_error();
        let trace = bijou_telemetry::of(&self.span).filter(is_kept).map(|trace| trace.trace_id);
        self.metrics.ended(method, route, self.status, started.elapsed(), trace);
    }
}

/// A body that drags the tail along.
struct Tailed {
    body: Body,
    _tail: Tail,
}

impl http_body::Body for Tailed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: bool) {
        assert_eq!(is_below(path, "/oauth"), expected, "{path}");
    }

    #[test]
    fn a_prefix_ends_at_a_segment() {
        check("/oauth", true);
        check("/oauth/token", true);
        check("/oauthx", false);
        check("/v1/oauth", false);
    }

    #[test]
    fn a_bare_error_status_becomes_a_problem_and_a_document_stays() {
        let mut bare = StatusCode::METHOD_NOT_ALLOWED.into_response();
        assert_eq!(refusal_of(&mut bare).expect("an error").problem.code, "method-not-allowed");
        let mut page = (StatusCode::NOT_FOUND, [(CONTENT_TYPE, "text/html")], "<p>").into_response();
        assert!(refusal_of(&mut page).is_none());
        let mut fine = "fine".into_response();
        assert!(refusal_of(&mut fine).is_none());
    }
}
