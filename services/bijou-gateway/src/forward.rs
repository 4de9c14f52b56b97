//! The proxy endpoint: attempts under one deadline, until an instance answers or none is left to ask.
//!
//! An attempt is repeated, always at another instance and only while the retry budget lasts, when that cannot do harm:
//! - nothing of the request was sent (no connection, or a kept one that had died): any method;
//! - it was sent, and broke, timed out or was answered 503: idempotent methods whose body can be sent again.
//!
//! Nothing of an answer has reached the client by then, because an answer's head ends the attempts.

mod request;
mod response;

use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use bijou_resilience::Deadline;
use bijou_telemetry::{SpanId, TraceContext};
use http::{HeaderMap, Method, StatusCode};
use rand::RngExt;

use crate::balance::zones::{Locality, Seen, choose_by_zone};
use crate::balance::{Choice, choose};
use crate::body::{BodyFault, RequestBody};
use crate::failure::Failure;
use crate::reply::Reply;
use crate::routes::Target;
use crate::story::Attempt;
use crate::transit::Transit;
use crate::upstream::{Answer, Exchange, ExchangeError, ExchangeFault, Instance, Instances};
use crate::worker::Worker;

pub(crate) use request::{DEADLINE, REQUEST_ID, common};
pub(crate) use response::strip_hop_by_hop;

/// Lets an instance behind the route answer.
pub(crate) async fn forward(transit: &mut Transit) -> Reply {
    let Some(route_index) = transit.route else { return Failure::NoRoute.into() };
    let active = Rc::clone(&transit.active);
    let route = &active.table().routes()[route_index];
    let name = route.target.name();
    let in_flight_max = (active.config().upstream.in_flight_max / transit.worker.shared.worker_count).max(1);
    let worker = Rc::clone(&transit.worker);
    let Some(_place) = OriginPlace::take(&worker, name, in_flight_max) else {
        return Failure::OriginOverloaded { app: name.to_string() }.into();
    };
    if !transit.is_counted {
        transit.is_counted = true;
        route.stats[transit.worker.index].in_flight.add(1);
    }
    let body = transit.take_body();
    let mut headers = transit.take_headers();
    request::complete_head(transit, &mut headers);
    let plan = Plan {
        target: &route.target,
        attempts_max: if route.retry { active.config().retries.attempts_max } else { 1 },
        attempt_timeout: route.attempt_timeout,
        is_idempotent: is_idempotent(transit.method()) && !transit.is_websocket,
    };
    match attempts(transit, &plan, headers, body).await {
        Ok(answer) => {
            transit.story.origin_head = Some(transit.story.started.elapsed());
            response::reply(transit, answer)
        }
        Err(failure) => failure.into(),
    }
}

struct Plan<'a> {
    target: &'a Target,
    attempts_max: u32,
    attempt_timeout: std::time::Duration,
    is_idempotent: bool,
}

async fn attempts(
    transit: &mut Transit,
    plan: &Plan<'_>,
    headers: HeaderMap,
    body: RequestBody,
) -> Result<Answer, Failure> {
    let worker = Rc::clone(&transit.worker);
    let name = plan.target.name();
    worker.with_budget(name, bijou_resilience::RetryBudget::record_request, transit.story.started);
    let mut tried: Vec<Rc<Instance>> = Vec::new();
    let mut unsent = Some((headers, body));
    let mut last: Option<Failure> = None;
    loop {
        let number = tried.len() as u32 + 1;
        let Some((mut headers, body)) = unsent.take() else {
            return Err(last.unwrap_or(Failure::OriginReset { app: name.to_string() }));
        };
        let Some((instance, choice, instances)) = pick(&worker, plan.target, &tried) else {
            note_then(transit, "no other instance");
            return Err(last.unwrap_or(Failure::NoInstance { app: name.to_string() }));
        };
        let now = Instant::now();
        let remaining = transit.deadline.remaining(now);
        if remaining.is_zero() {
            note_then(transit, "deadline passed");
            return Err(last.unwrap_or(Failure::OriginTimedOut { app: name.to_string() }));
        }
        // A body that streams takes its client's time, and there is no second attempt to save time for.
        let attempt_deadline = if body.is_replayable() {
            transit.deadline.earlier(Deadline::after(now, plan.attempt_timeout))
        } else {
            transit.deadline
        };
        let may_repeat = number < plan.attempts_max && plan.is_idempotent && body.is_replayable();
        let kept = if may_repeat { body.again().map(|body| (headers.clone(), body)) } else { None };
        let deadline_ms = attempt_deadline.remaining(now).as_millis() as u64;
        let span_id = new_span(&worker);
        request::set_attempt(&mut headers, TraceContext { span_id, ..transit.trace }, deadline_ms);
        transit.story.attempts.push(Attempt {
            number,
            span_id,
            instance_id: Arc::clone(&instance.id),
            address: instance.addr,
            locality: instance.locality().map(Locality::name),
            candidates: choice.candidates,
            score: choice.score,
            over: choice.loser.map(|(index, score)| (Arc::clone(&instances[index].id), score)),
            started_us: transit.story.at_us(now),
            took_us: 0,
            deadline_ms,
            status: None,
            fault: None,
            then: None,
        });
        let request = request::build(transit, headers, body);
        let exchange = worker.exchange.exchange(&instance, request);
        let result = match tokio::time::timeout_at(attempt_deadline.instant().into(), exchange).await {
            Ok(result) => result,
            Err(_) => Err(ExchangeError { kind: ExchangeFault::Timeout, unsent: None, source: None }),
        };
        let ended = Instant::now();
        tried.push(Rc::clone(&instance));
        count_result(transit, instance.locality(), result.as_ref());
        let attempt = transit.story.attempts.last_mut().expect("pushed above");
        attempt.took_us = ended.saturating_duration_since(now).as_micros() as u64;
        let failure = match result {
            Ok(answer) => {
                let status = answer.status();
                attempt.status = Some(status.as_u16());
                if status != StatusCode::SERVICE_UNAVAILABLE {
                    instance.health.answered();
                    return Ok(answer);
                }
                // It says itself that it cannot: avoid it for a while.
                instance.health.failed(worker.clock.now());
                if kept.is_none() {
                    attempt.then = Some(why_not(number, plan));
                    return Ok(answer);
                }
                if pick(&worker, plan.target, &tried).is_none() {
                    attempt.then = Some("no other instance");
                    return Ok(answer);
                }
                if !worker.with_budget(name, bijou_resilience::RetryBudget::try_retry, ended) {
                    attempt.then = Some("retry budget used up");
                    return Ok(answer);
                }
                attempt.then = Some("retried elsewhere");
                unsent = kept;
                count_retry(transit);
                continue;
            }
            Err(error) => {
                attempt.fault = Some(error.kind.name());
                if error.kind == ExchangeFault::RequestBody || transit.body_watch.fault.get().is_some() {
                    // The client's doing: the instance is not to blame and nobody else needs to be asked.
                    return Err(match transit.body_watch.fault.get() {
                        Some(BodyFault::TooLarge) => {
                            Failure::BodyTooLarge { bytes_max: transit.route().map_or(0, |route| route.body_bytes_max) }
                        }
                        _ => Failure::BodyBroken,
                    });
                }
                instance.health.failed(worker.clock.now());
                let failure = failure_of(&error, name);
                match error.unsent {
                    Some(request) => {
                        let (parts, body) = request.into_parts();
                        unsent = Some((parts.headers, body));
                    }
                    None => unsent = kept,
                }
                failure
            }
        };
        let is_over = transit.deadline.is_past(ended);
        let then = if unsent.is_none() {
            why_not(number, plan)
        } else if number >= plan.attempts_max {
            "no attempt left"
        } else if is_over {
            "deadline passed"
        } else if pick(&worker, plan.target, &tried).is_none() {
            "no other instance"
        } else if !worker.with_budget(name, bijou_resilience::RetryBudget::try_retry, ended) {
            "retry budget used up"
        } else {
            note_then(transit, "retried elsewhere");
            count_retry(transit);
            last = Some(failure);
            continue;
        };
        note_then(transit, then);
        return Err(failure);
    }
}

/// The better of two instances that were not asked yet, of the own zone where it can carry that; those that failed several
/// times in a row only if all did.
fn pick(worker: &Worker, target: &Target, tried: &[Rc<Instance>]) -> Option<(Rc<Instance>, Choice, Instances)> {
    let instances = worker.directory.instances(target);
    let now = worker.clock.now();
    let is_new = |index: usize| !tried.iter().any(|one| Rc::ptr_eq(one, &instances[index]));
    let sound = |index: usize| {
        (is_new(index) && !instances[index].health.is_tripped(now)).then(|| instances[index].health.score(now))
    };
    let any = |index: usize| is_new(index).then(|| instances[index].health.score(now));
    let rng = &mut *worker.rng.borrow_mut();
    let choice = match worker.directory.gateways_near() {
        None => choose(instances.len(), sound, rng),
        Some(gateways_near) => {
            let seen = |index: usize| {
                let instance = &instances[index];
                let is_near = instance.locality() == Some(Locality::Same);
                sound(index).map(|score| Seen { score, capacity: instance.health.capacity(now), is_near })
            };
            choose_by_zone(instances.len(), seen, gateways_near, rng)
        }
    };
    let choice = choice.or_else(|| choose(instances.len(), any, rng))?;
    Some((Rc::clone(&instances[choice.index]), choice, Rc::clone(&instances)))
}

fn new_span(worker: &Worker) -> SpanId {
    SpanId::new(worker.rng.borrow_mut().random::<u64>() | 1).expect("the last bit is set")
}

/// Methods whose effect is the same however often they arrive (RFC 9110, section 9.2.2).
pub(crate) fn is_idempotent(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE | Method::PUT | Method::DELETE)
}

fn why_not(number: u32, plan: &Plan<'_>) -> &'static str {
    if number >= plan.attempts_max {
        "no attempt left"
    } else if plan.is_idempotent {
        "its body was streamed"
    } else {
        "not idempotent and possibly done"
    }
}

fn failure_of(error: &ExchangeError, app: &Arc<str>) -> Failure {
    let app = app.to_string();
    match error.kind {
        ExchangeFault::Connect => Failure::ConnectFailed { app },
        ExchangeFault::ConnectTimeout => Failure::ConnectTimedOut { app },
        ExchangeFault::Reset => Failure::OriginReset { app },
        ExchangeFault::Invalid => Failure::OriginInvalid { app },
        ExchangeFault::RequestBody => Failure::BodyBroken,
        ExchangeFault::Timeout => Failure::OriginTimedOut { app },
    }
}

fn note_then(transit: &mut Transit, then: &'static str) {
    if let Some(attempt) = transit.story.attempts.last_mut() {
        attempt.then = Some(then);
    }
}

/// What the client did to its own body is nobody else's failure.
fn count_result(transit: &Transit, locality: Option<Locality>, result: Result<&Answer, &ExchangeError>) {
    let failed = match result {
        Ok(answer) => answer.status().is_server_error(),
        Err(error) => error.kind != ExchangeFault::RequestBody && transit.body_watch.fault.get().is_none(),
    };
    count_attempt(transit, locality, failed);
}

/// Counts an attempt on the way to the route's service, for the console's map; `locality` where an instance was chosen and
/// zones are known.
pub(crate) fn count_attempt(transit: &Transit, locality: Option<Locality>, failed: bool) {
    if let Some(route) = transit.route() {
        let stats = &route.stats[transit.worker.index];
        stats.attempts.add(1);
        stats.attempts_failed.add(u64::from(failed));
        if let Some(locality) = locality {
            stats.attempts_by_zone[locality as usize].add(1);
        }
    }
}

fn count_retry(transit: &Transit) {
    if let Some(route) = transit.route() {
        route.stats[transit.worker.index].retries.add(1);
    }
}

impl Answer {
    fn status(&self) -> StatusCode {
        match self {
            Self::Response(response) => response.status(),
            Self::Switched { response, .. } => response.status(),
        }
    }
}

/// One request to an application that has a place among those in flight.
struct OriginPlace<'a> {
    worker: &'a Worker,
    name: &'a Arc<str>,
}

impl<'a> OriginPlace<'a> {
    fn take(worker: &'a Worker, name: &'a Arc<str>, max: usize) -> Option<Self> {
        let mut in_flight = worker.origin_in_flight.borrow_mut();
        match in_flight.get_mut(name) {
            Some(count) if *count as usize >= max => return None,
            Some(count) => *count += 1,
            None => drop(in_flight.insert(Arc::clone(name), 1)),
        }
        drop(in_flight);
        Some(Self { worker, name })
    }
}

impl Drop for OriginPlace<'_> {
    fn drop(&mut self) {
        if let Some(count) = self.worker.origin_in_flight.borrow_mut().get_mut(self.name) {
            *count -= 1;
        }
    }
}
