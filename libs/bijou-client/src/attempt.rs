//! The life of a call: attempts under one deadline, each at another instance, as far as repeating is allowed.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use bijou_passport::HEADER as PASSPORT;
use bijou_problem::Problem;
use bijou_resilience::Deadline;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use tokio::time::Instant;
use tracing::{Instrument, Span, field};

use crate::balance::{Lease, NoChoice};
use crate::client::Place;
use crate::error::is_passing;
use crate::faults::{self, FAULT_CODE, FaultEffect, Spot};
use crate::transport::TransportError;
use crate::{CallError, Credentials, RequestBuilder, Response, StreamResponse};

/// One attempt's answer: its head, and the body still to be read.
struct Head {
    parts: http::response::Parts,
    body: Incoming,
    instance: String,
    lease: Option<Lease>,
}

/// What the attempts of one call have in common.
struct Call {
    request: RequestBuilder,
    deadline: Deadline,
    headers: HeaderMap,
    tried: Vec<SocketAddr>,
}

pub(crate) async fn send(request: RequestBuilder) -> Result<Response, CallError> {
    let mut call = Call::new(request)?;
    let mut attempt = 0;
    loop {
        attempt += 1;
        let span = call.span(attempt);
        let began = Instant::now();
        let outcome = call.whole(&span).instrument(span.clone()).await;
        let status = outcome.as_ref().map(|response| response.status);
        call.note(attempt, status.as_ref().ok().copied(), began);
        record(&span, status);
        let failed = match outcome {
            Ok(response) if !is_passing(response.status) || !call.request.idempotent => return Ok(response),
            other => other,
        };
        if !call.may_go_on(attempt, failed.as_ref().err()) {
            return failed;
        }
    }
}

pub(crate) async fn send_stream(request: RequestBuilder) -> Result<StreamResponse, CallError> {
    let mut call = Call::new(request)?;
    let mut attempt = 0;
    loop {
        attempt += 1;
        let span = call.span(attempt);
        let began = Instant::now();
        let outcome = call.head(&span).instrument(span.clone()).await;
        let status = outcome.as_ref().map(|head| head.parts.status);
        call.note(attempt, status.as_ref().ok().copied(), began);
        record(&span, status);
        let retry = match &outcome {
            Ok(head) => call.request.idempotent && is_passing(head.parts.status),
            Err(_) => true,
        };
        if !retry || !call.may_go_on(attempt, outcome.as_ref().err()) {
            let head = outcome?;
            return Ok(StreamResponse {
                status: head.parts.status,
                headers: head.parts.headers,
                instance: head.instance,
                app: call.request.target.app.to_string(),
                body: head.body,
                lease: head.lease,
                idempotent: call.request.idempotent,
            });
        }
    }
}

impl Call {
    fn new(mut request: RequestBuilder) -> Result<Self, CallError> {
        let app = &request.target.app;
        if let Some(reason) = request.mistake.take() {
            return Err(CallError::Unbuildable { app: app.to_string(), reason });
        }
        let config = &request.client.inner.config;
        let now = Instant::now().into_std();
        let own = Deadline::after(now, config.deadline.max(request.attempt_timeout));
        let deadline = request.context.deadline.map_or(own, |callers| callers);
        request.client.inner.balancer.record_call(app, config, now);
        let headers = common_headers(&request)?;
        Ok(Self { request, deadline, headers, tried: Vec::new() })
    }

    /// Counts an attempt; without a status nobody answered.
    fn note(&self, attempt: u32, status: Option<StatusCode>, began: Instant) {
        let failed = status.is_none_or(|status| status.is_server_error());
        self.request.client.inner.edges.note(&self.request.target.app, attempt, failed, began.elapsed());
    }

    /// One attempt to the end of the body.
    async fn whole(&mut self, span: &Span) -> Result<Response, CallError> {
        let started = Instant::now();
        let Head { parts, body, instance, mut lease } = self.head(span).await?;
        let bytes_max = self.request.body_bytes_max;
        let limit = self.time_left().min(self.request.attempt_timeout.saturating_sub(started.elapsed()));
        let body = match tokio::time::timeout(limit, Limited::new(body, bytes_max).collect()).await {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                return Err(CallError::BodyTooLarge { app: self.app(), bytes_max });
            }
            Ok(Err(source)) => {
                fail(lease.as_mut());
                return Err(CallError::Broken {
                    app: self.app(),
                    instance,
                    source,
                    idempotent: self.request.idempotent,
                });
            }
            Err(_) => return Err(self.timed_out(instance, started.elapsed(), lease.as_mut())),
        };
        drop(lease);
        Ok(Response {
            status: parts.status,
            headers: parts.headers,
            body,
            instance,
            app: self.app(),
            idempotent: self.request.idempotent,
        })
    }

    /// One attempt up to the head of the answer.
    async fn head(&mut self, span: &Span) -> Result<Head, CallError> {
        self.suffer(span).await?;
        let (authority, prefix, instance, mut lease) = self.choose()?;
        span.record("server.address", authority.as_str());
        span.record("bijou.upstream.instance_id", instance.as_str());
        let request = self.to_http(&authority, &prefix)?;
        let started = Instant::now();
        let limit = self.time_left().min(self.request.attempt_timeout);
        let sent = tokio::time::timeout(limit, self.request.client.inner.transport.send(request)).await;
        match sent {
            Ok(Ok(response)) => {
                let (parts, body) = response.into_parts();
                if let Some(lease) = &mut lease {
                    lease.answered(!parts.status.is_server_error(), Instant::now().into_std());
                }
                Ok(Head { parts, body, instance, lease })
            }
            Ok(Err(TransportError::NotSent(error))) => {
                fail(lease.as_mut());
                Err(CallError::Connect { app: self.app(), instance, source: error.into() })
            }
            Ok(Err(TransportError::Broken(error))) => {
                fail(lease.as_mut());
                let idempotent = self.request.idempotent;
                Err(CallError::Broken { app: self.app(), instance, source: error.into(), idempotent })
            }
            Err(_) => Err(self.timed_out(instance, started.elapsed(), lease.as_mut())),
        }
    }

    /// Acts out a fault that was put in on purpose, if one strikes this attempt.
    async fn suffer(&self, span: &Span) -> Result<(), CallError> {
        let inner = &self.request.client.inner;
        if !inner.faults.is_any() || faults::is_spared(&self.request.path) {
            return Ok(());
        }
        let account = self.request.context.account.as_deref();
        let spot = Spot { route: None, from: self.request.client.role(), to: &self.request.target.app, account };
        let Some(strike) = inner.faults.strike(spot, Instant::now().into_std(), rand::random) else {
            return Ok(());
        };
        span.record("bijou.fault", &*strike.id);
        let status = match strike.effect {
            FaultEffect::Wait(time) => {
                tokio::time::sleep(time.min(self.time_left())).await;
                return Ok(());
            }
            FaultEffect::Answer(status) => StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE),
            FaultEffect::Limit(_) => StatusCode::TOO_MANY_REQUESTS,
        };
        let problem = Problem::new(status, FAULT_CODE)
            .title("An operator has put this fault in")
            .detail("It is no fault of the service, which was not asked. It ends by itself.")
            .with("fault", &*strike.id);
        let idempotent = self.request.idempotent;
        Err(CallError::Problem { app: self.app(), status, problem: Box::new(problem), idempotent })
    }

    /// A time-out is the instance's fault when it had the time we give an attempt, our caller's otherwise.
    fn timed_out(&self, instance: String, after: Duration, lease: Option<&mut Lease>) -> CallError {
        let (app, idempotent) = (self.app(), self.request.idempotent);
        if self.time_left().is_zero() && after < self.request.attempt_timeout {
            return CallError::DeadlinePassed { app, sent: true, idempotent };
        }
        fail(lease);
        CallError::TimedOut { app, instance, after, idempotent }
    }

    /// An instance, or why there is none.
    fn choose(&mut self) -> Result<(String, String, String, Option<Lease>), CallError> {
        if self.time_left().is_zero() {
            return Err(CallError::DeadlinePassed {
                app: self.app(),
                sent: false,
                idempotent: self.request.idempotent,
            });
        }
        if let Place::Fixed { authority, prefix } = &self.request.target.place {
            return Ok((authority.to_string(), prefix.to_string(), authority.to_string(), None));
        }
        let inner = &self.request.client.inner;
        let snapshot = self.request.client.snapshot();
        let (app, now) = (&self.request.target.app, Instant::now().into_std());
        let choose = |tried: &[SocketAddr]| inner.balancer.choose(app, &snapshot, tried, &inner.config, now);
        let lease = match choose(&self.tried) {
            // Everybody was tried once: with a new snapshot or a second chance one of them may do.
            Err(NoChoice::AllTried) => choose(&[]),
            other => other,
        };
        let lease = lease.map_err(|no| match no {
            NoChoice::NoneUp => CallError::NoInstance { app: app.to_string() },
            NoChoice::AllShut | NoChoice::AllTried => CallError::AllShut { app: app.to_string() },
        })?;
        let (addr, instance) = (lease.member().addr, lease.member().instance.clone());
        self.tried.push(addr);
        Ok((addr.to_string(), String::new(), instance, Some(lease)))
    }

    fn to_http(&self, authority: &str, prefix: &str) -> Result<Request<Full<Bytes>>, CallError> {
        let unbuildable = |reason: String| CallError::Unbuildable { app: self.app(), reason };
        let uri = format!("http://{authority}{prefix}{}", self.request.path);
        let uri = Uri::try_from(uri).map_err(|error| unbuildable(format!("path `{}`: {error}", self.request.path)))?;
        let mut request = Request::new(Full::new(self.request.body.clone()));
        *request.method_mut() = self.request.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = self.headers.clone();
        let budget = self.deadline.header_value(Instant::now().into_std());
        request.headers_mut().insert(Deadline::HEADER, digits(&budget));
        // Here and not with the common headers: every attempt is a span of its own.
        if let Some(trace) = bijou_telemetry::outgoing()
            && let Ok(value) = HeaderValue::try_from(trace.to_string())
        {
            request.headers_mut().insert("traceparent", value);
        }
        Ok(request)
    }

    /// Whether another attempt is allowed after a failed one, or one answered "not now".
    fn may_go_on(&self, attempt: u32, error: Option<&CallError>) -> bool {
        let config = &self.request.client.inner.config;
        let now = Instant::now().into_std();
        let worth_it = match error {
            // Asking an empty registry again at once gives the same answer.
            Some(CallError::NoInstance { .. } | CallError::AllShut { .. } | CallError::DeadlinePassed { .. }) => false,
            Some(error) => error.may_retry(),
            None => true,
        };
        worth_it
            && attempt < config.attempts_max
            && !self.deadline.is_past(now)
            && self.request.client.inner.balancer.try_retry(&self.request.target.app, config, now)
    }

    fn span(&self, attempt: u32) -> Span {
        tracing::info_span!(
            "call",
            otel.name = format!("{} {}", self.request.method, self.request.target.app),
            otel.kind = "client",
            otel.status_message = field::Empty,
            peer.service = %self.request.target.app,
            http.request.method = %self.request.method,
            url.path = &*bijou_telemetry::shown_path(self.request.path.split('?').next().unwrap_or_default()),
            http.request.resend_count = attempt - 1,
            server.address = field::Empty,
            bijou.upstream.instance_id = field::Empty,
            http.response.status_code = field::Empty,
            bijou.fault = field::Empty,
        )
    }

    fn time_left(&self) -> Duration {
        self.deadline.remaining(Instant::now().into_std())
    }

    fn app(&self) -> String {
        self.request.target.app.to_string()
    }
}

/// Everything that is the same for all attempts.
fn common_headers(request: &RequestBuilder) -> Result<HeaderMap, CallError> {
    let app = &request.target.app;
    let unbuildable = |reason: &str| CallError::Unbuildable { app: app.to_string(), reason: reason.to_owned() };
    let mut headers = request.headers.clone();
    let context = &request.context;
    let token = match &context.credentials {
        Credentials::None => None,
        Credentials::Forward(token) => Some(token.clone()),
        Credentials::Service => {
            let own = request.client.service_passport(app, SystemTime::now());
            Some(own.ok_or_else(|| unbuildable("this client has no key to sign a passport of its own"))?)
        }
    };
    if let Some(token) = token {
        let mut value = HeaderValue::try_from(&*token).map_err(|_| unbuildable("the passport is no header value"))?;
        value.set_sensitive(true);
        headers.insert(PASSPORT, value);
    }
    for (name, value) in [("x-request-id", &context.request_id), ("bijou-priority", &context.priority)] {
        if let Some(value) = value {
            headers.insert(
                name,
                HeaderValue::try_from(&**value).map_err(|_| unbuildable("a context value is no header value"))?,
            );
        }
    }
    Ok(headers)
}

fn record(span: &Span, outcome: Result<StatusCode, &CallError>) {
    match outcome {
        Ok(status) => {
            span.record("http.response.status_code", status.as_u16());
        }
        Err(error) => {
            span.record("otel.status_message", error.to_string());
        }
    }
}

fn fail(lease: Option<&mut Lease>) {
    if let Some(lease) = lease {
        lease.failed(Instant::now().into_std());
    }
}

fn digits(text: &str) -> HeaderValue {
    HeaderValue::try_from(text).expect("digits are a header value")
}
