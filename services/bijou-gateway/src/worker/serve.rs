//! One request from its head to the head of its answer: filters in, endpoint, filters out.

use std::convert::Infallible;
use std::rc::Rc;

use http::{Request, Response};
use hyper::body::Incoming;

use super::Worker;
use super::finish::{Carried, SentBody};
use crate::failure::Failure;
use crate::filter::LocalFuture;
use crate::link::Link;
use crate::reply::Reply;
use crate::transit::{Chosen, Transit};

/// Carries one request.
pub(super) async fn handle(
    worker: Rc<Worker>,
    link: Rc<Link>,
    request: Request<Incoming>,
) -> Result<Response<SentBody>, Infallible> {
    let refusal = link.begin();
    // From here on the request is told of, whatever becomes of it: its client may leave at any await below.
    let mut carried = Carried::new(Box::new(Transit::new(&worker, &link, request)));
    let transit = carried.transit();
    let shared = std::sync::Arc::clone(&worker.shared);
    let in_flight_max = (transit.active.config().limits.in_flight_max / shared.worker_count).max(1) as u64;
    let early = if let Some(refusal) = refusal {
        worker.stats().connections_refused_heads.add(1);
        Some(Reply::from(Failure::Refused(refusal)))
    } else if worker.stats().in_flight.get() > in_flight_max {
        Some(Reply::from(Failure::TooManyRequests { what: "in_flight_max" }))
    } else {
        shared.chain.inbound(transit).await
    };
    let mut reply = match early {
        Some(reply) => reply,
        None => answer(transit).await,
    };
    if !transit.is_websocket || reply.status != http::StatusCode::SWITCHING_PROTOCOLS {
        link.decide_upgrade(false);
    }
    fill_in(transit, &mut reply);
    shared.chain.outbound(transit, &mut reply).await;
    Ok(carried.send(reply))
}

/// Lets whoever was chosen answer.
fn answer(transit: &mut Transit) -> LocalFuture<'_, Reply> {
    match transit.chosen.clone() {
        Chosen::Nobody => Box::pin(std::future::ready(Reply::from(Failure::NoRoute))),
        Chosen::Origin => Box::pin(crate::forward::forward(transit)),
        Chosen::Own => Box::pin(crate::platform::answer(transit)),
        Chosen::App => Box::pin(std::future::ready(crate::assets::answer(transit))),
        Chosen::Custom(endpoint) => Box::pin(async move { endpoint.answer(transit).await }),
    }
}

/// Makes the body of a failure: it names the request, and only here everything is known.
fn fill_in(transit: &Transit, reply: &mut Reply) {
    if let Some(failure) = &reply.failure {
        let (headers, body) = Reply::of_failure(failure, transit.request_id());
        reply.headers.extend(headers);
        reply.body = crate::body::ReplyBody::Full(body);
        transit.worker.shared.stats.failed(failure.code(), failure.category().name());
    }
}
