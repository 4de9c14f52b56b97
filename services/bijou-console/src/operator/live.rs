//! The live stream: finished requests as they cross, by server-sent events.

use std::convert::Infallible;
use std::time::{Duration, SystemTime};

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use bijou_problem::Problem;
use futures_util::stream::{self, Stream, StreamExt as _};
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use super::Operator;
use crate::state::Live;
use crate::time;

/// Pause after which a comment shows that the stream lives.
const COMMENT_EVERY: Duration = Duration::from_secs(5);

/// Follow what happens
///
/// Server-sent events `hello`, `request`, `instances` and `missed`; see the service's README.
#[utoipa::path(
    get, path = "/api/live", tag = "live",
    responses(
        (status = 200, description = "A stream without end", content_type = "text/event-stream", body = String),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn follow_live(State(operator): State<Operator>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    // Following begins before the greeting is sent: whoever has read it misses nothing from then on.
    let following = operator.shared.follow();
    let snapshot = operator.context.discovery.snapshot();
    let mut roles: Vec<_> = snapshot.applications().map(str::to_ascii_lowercase).collect();
    roles.sort_unstable();
    let greeting = json!({ "now": time::rfc3339(time::unix_ns(SystemTime::now())), "roles": roles });
    let hello = stream::once(async move { Ok(event("hello", &greeting)) });
    let stream = hello.chain(events(following, operator.context.draining.clone()));
    Sse::new(stream).keep_alive(KeepAlive::new().interval(COMMENT_EVERY))
}

fn events(following: Receiver<Live>, draining: CancellationToken) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold((following, draining), async |(mut following, draining)| {
        let received = tokio::select! {
            received = following.recv() => received,
            () = draining.cancelled() => return None,
        };
        let event = match received {
            Ok(Live::Request(request)) => event("request", &json!(request)),
            Ok(Live::Instances) => event("instances", &json!({})),
            Err(RecvError::Lagged(count)) => event("missed", &json!({ "count": count })),
            Err(RecvError::Closed) => return None,
        };
        Some((Ok(event), (following, draining)))
    })
}

/// JSON never has a raw line break, which is all an event's data must not have.
fn event(name: &'static str, data: &Value) -> Event {
    Event::default().event(name).data(data.to_string())
}
