//! The end of a request: when its answer's last byte is handed over, or when nobody wants it any more.
//!
//! Everything that is counted, logged and remembered about a request happens here, once, and behind the client's back:
//! the answer is on its way already.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode, Version};
use http_body::{Body, Frame, SizeHint};
use tracing::{info, warn};

use crate::body::{BodyError, ReplyBody};
use crate::config::AccessLog;
use crate::failure::{Category, Failure};
use crate::reply::Reply;
use crate::story::Record;
use crate::transit::Transit;

/// A request whose story is told exactly once, when this is dropped at the latest.
pub(super) struct Carried {
    transit: Option<Box<Transit>>,
}

impl Carried {
    pub(super) fn new(transit: Box<Transit>) -> Self {
        transit.worker.stats().in_flight.add(1);
        Self { transit: Some(transit) }
    }

    pub(super) fn transit(&mut self) -> &mut Transit {
        self.transit.as_mut().expect("taken only when the answer is sent, which consumes this")
    }

    /// The answer for hyper; what follows is up to its body.
    pub(super) fn send(mut self, reply: Reply) -> Response<SentBody> {
        let transit = self.transit.take();
        let ending = Ending { status: reply.status, failure: reply.failure, sent: 0, outcome: "client-left" };
        let mut response = Response::new(SentBody { body: reply.body, held_error: None, transit, ending });
        *response.status_mut() = reply.status;
        *response.headers_mut() = reply.headers;
        response
    }
}

impl Drop for Carried {
    fn drop(&mut self) {
        if let Some(transit) = self.transit.take() {
            let ending = Ending { status: CLIENT_CLOSED, failure: None, sent: 0, outcome: "client-left" };
            finish(*transit, ending);
        }
    }
}

/// Never sent: what logs show for a client that left before its answer began.
const CLIENT_CLOSED: StatusCode = match StatusCode::from_u16(499) {
    Ok(status) => status,
    Err(_) => panic!("499 is a status"),
};

#[derive(Debug)]
struct Ending {
    status: StatusCode,
    failure: Option<Failure>,
    sent: u64,
    outcome: &'static str,
}

/// An answer's body that tells the story when it is over.
#[derive(Debug)]
pub struct SentBody {
    body: ReplyBody,
    /// An error that waits until what came before it is on its way.
    held_error: Option<BodyError>,
    transit: Option<Box<Transit>>,
    ending: Ending,
}

impl Body for SentBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        if let Some(error) = this.held_error.take() {
            return Poll::Ready(Some(Err(error)));
        }
        let polled = Pin::new(&mut this.body).poll_frame(context);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                this.ending.sent += frame.data_ref().map_or(0, Bytes::len) as u64;
                if this.body.is_end_stream() {
                    this.ending.outcome = "complete";
                }
            }
            Poll::Ready(Some(Err(_))) => this.ending.outcome = "origin-broke-off",
            Poll::Ready(None) => this.ending.outcome = "complete",
            Poll::Pending => {}
        }
        if let Poll::Ready(Some(Err(error))) = polled {
            // hyper throws away what it has not written yet when a body fails. One turn later it has written it, and
            // the client sees an answer that breaks off instead of none at all.
            this.held_error = Some(error);
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for SentBody {
    fn drop(&mut self) {
        if let Some(transit) = self.transit.take() {
            let mut ending = std::mem::replace(
                &mut self.ending,
                Ending { status: CLIENT_CLOSED, failure: None, sent: 0, outcome: "" },
            );
            if self.body.is_end_stream()
                || transit.method() == http::Method::HEAD
                || matches!(ending.status.as_u16(), 101 | 204 | 304)
            {
                ending.outcome = "complete";
            }
            finish(*transit, ending);
        }
    }
}

/// Counts, logs and remembers.
fn finish(transit: Transit, ending: Ending) {
    let worker = &transit.worker;
    transit.link.end(&worker.clock);
    worker.stats().in_flight.sub(1);
    let took = transit.story.started.elapsed();
    let category = category(&transit, &ending);
    if let Some(route) = transit.route() {
        let stats = &route.stats[worker.index];
        if transit.is_counted {
            stats.in_flight.sub(1);
        }
        stats.request_bytes.add(transit.body_watch.bytes.get());
        stats.response_bytes.add(ending.sent);
        if let Some(origin_head) = transit.story.origin_head {
            stats.origin.observe(origin_head);
        }
        if ending.status == CLIENT_CLOSED { stats.abandoned(took) } else { stats.finished(ending.status, took) }
    }
    let is_slow = transit.route().is_some_and(|route| route.stats[worker.index].usual.is_slow(took));
    let failed = matches!(category, "local" | "origin");
    let is_logged = match transit.active.config().access_log {
        AccessLog::Off => false,
        AccessLog::Failures => failed || ending.outcome == "origin-broke-off",
        AccessLog::All => true,
    };
    if is_logged {
        worker.stats().access_log_lines.add(1);
        log(&transit, &ending, category, took);
    }
    let is_refusal = category == "client" && ending.failure.is_some() && worker.keeps_refusal();
    let is_kept = failed || is_refusal || ending.outcome == "origin-broke-off" || transit.story.is_detailed;
    // Not sampled, and slower than its route usually is: told all the same, as many a second as are sampled.
    let is_slow = is_slow && !is_kept && worker.shared.role.as_ref().is_some_and(bijou_telemetry::Role::keeps_slow);
    if is_kept || is_slow {
        let shared = Arc::clone(&worker.shared);
        let index = worker.index;
        let is_told = transit.trace.sampled || is_slow || failed;
        if let Some(route) = transit.route().filter(|_| is_told && shared.role.is_some()) {
            route.stats[index].duration.note(transit.trace.trace_id, took, std::time::SystemTime::now());
        }
        let record = Arc::new(Record { is_slow, ..record(transit, ending, category, took) });
        crate::spans::record(&shared, &record);
        shared.rings[index].push(record);
    } else {
        worker.stats().traces_left_out.add(1);
    }
}

fn category(transit: &Transit, ending: &Ending) -> &'static str {
    match &ending.failure {
        Some(failure) => failure.category().name(),
        // "Not ready" is what a probe asks for, not a failure.
        None if transit.path() == "/readyz" => "success",
        None if ending.status == CLIENT_CLOSED => Category::Client.name(),
        None if ending.outcome == "origin-broke-off" => Category::Origin.name(),
        // A 404 of an origin is an answer like any other; a 5xx is its failure.
        None if ending.status.is_server_error() && transit.story.origin_head.is_some() => Category::Origin.name(),
        None if ending.status.is_server_error() => Category::Local.name(),
        None => "success",
    }
}

fn log(transit: &Transit, ending: &Ending, category: &'static str, took: Duration) {
    let (method, path) = (transit.method().as_str(), &*bijou_telemetry::shown_path(transit.path()));
    let status = ending.status.as_u16();
    let duration_ms = took.as_micros() as f64 / 1000.0;
    let route = transit.route().map_or("-", |route| &route.id);
    let code = ending.failure.as_ref().map_or("-", Failure::code);
    let attempts = transit.story.attempts.len();
    let instance = transit.story.attempts.last().map_or("-", |attempt| &attempt.instance_id);
    let (request_id, trace_id) = (transit.request_id(), transit.trace.trace_id);
    if matches!(category, "local" | "origin") {
        warn!(
            bijou.request_id = request_id, trace_id = %trace_id, http.request.method = method, url.path = path,
            http.response.status_code = status, http.route = route, duration_ms, attempts, bijou.instance_id = instance,
            category, code, outcome = ending.outcome, client.address = %transit.client(),
            "{method} {path} failed with {status}"
        );
    } else {
        info!(
            bijou.request_id = request_id, trace_id = %trace_id, http.request.method = method, url.path = path,
            http.response.status_code = status, http.route = route, duration_ms, attempts, bijou.instance_id = instance,
            category, code, outcome = ending.outcome, client.address = %transit.client(), response_bytes = ending.sent,
            "{method} {path} answered with {status}"
        );
    }
}

fn record(mut transit: Transit, ending: Ending, category: &'static str, took: Duration) -> Record {
    let wall = std::time::SystemTime::now() - transit.story.started.elapsed();
    Record {
        request_id: transit.request_id().to_owned(),
        trace_id: transit.trace.trace_id,
        trace: transit.trace,
        parent: transit.parent,
        started_ns: bijou_telemetry::unix_nanos(wall),
        started_ms: bijou_telemetry::unix_nanos(wall) / 1_000_000,
        took_us: took.as_micros() as u64,
        origin_us: transit.story.origin_head.map(|origin| origin.as_micros() as u64),
        method: transit.method().as_str().to_owned(),
        host: transit.host().to_owned(),
        path: bijou_telemetry::shown_path(transit.path()).into_owned(),
        protocol: protocol(transit.version()),
        client: transit.client().to_string(),
        user_agent: transit.user_agent.as_ref().and_then(|value| value.to_str().ok()).map(str::to_owned),
        route: transit.route().map(|route| Arc::clone(&route.id)),
        application: transit.route().map(|route| Arc::clone(route.target.name())),
        account: transit.identity().and_then(|identity| identity.account.clone()),
        session: transit.identity().and_then(|identity| identity.session.clone()),
        status: ending.status.as_u16(),
        category,
        is_slow: false,
        code: ending.failure.as_ref().map(Failure::code),
        problem: ending.failure.as_ref().map(|failure| failure.problem().told()),
        request_bytes: transit.body_watch.bytes.get(),
        response_bytes: ending.sent,
        outcome: ending.outcome,
        worker: transit.worker.index,
        attempts: std::mem::take(&mut transit.story.attempts),
        filters: std::mem::take(&mut transit.story.steps),
        notes: std::mem::take(&mut transit.story.notes),
    }
}

fn protocol(version: Version) -> &'static str {
    match version {
        Version::HTTP_10 => "1.0",
        Version::HTTP_2 => "2",
        _ => "1.1",
    }
}
