//! `GET /events`: a service's outbox, read by other services in commit order.
//!
//! A long poll and not a stream: each answer is one batch that can be applied and acknowledged (by asking for what is
//! after it) as a whole, and every proxy on the way understands it. `bijou-store` does the reading and waiting.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use bijou_problem::Problem;
use bijou_store::Database;
use bijou_store::outbox::{self, Batch};
use http::StatusCode;
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use crate::Reject;
use crate::extract::{Caller, Json, Query, RequestContext};

/// Path of the outbox.
pub(crate) const PATH: &str = "/events";

/// Events in a batch unless the reader asks for another number.
const LIMIT: u32 = 200;

/// Longest wait for the first event.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// What is kept of the reader's own deadline, so that an empty batch still arrives in time.
const MARGIN: Duration = Duration::from_millis(100);

#[derive(Clone)]
struct Outbox {
    role: &'static str,
    database: Database,
    draining: CancellationToken,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the parameter is called `after`")]
struct After {
    #[serde(default)]
    after: i64,
    limit: Option<u32>,
    #[serde(default)]
    wait_ms: u64,
}

pub(crate) fn routes(role: &'static str, database: Database, draining: CancellationToken) -> Router {
    Router::new().route(PATH, get(list_events)).with_state(Outbox { role, database, draining })
}

async fn list_events(
    State(source): State<Outbox>,
    caller: Caller,
    context: RequestContext,
    Query(query): Query<After>,
) -> Result<Json<Batch>, Reject> {
    caller.require_service()?;
    if query.after < 0 {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "query-invalid")
            .title("A query parameter is not accepted")
            .detail("`after`: event numbers are not negative")
            .with("parameter", "after");
        return Err(problem.into());
    }
    let patience = context.deadline().remaining(Instant::now()).saturating_sub(MARGIN);
    let wait = Duration::from_millis(query.wait_ms).min(WAIT_MAX).min(patience);
    let limit = query.limit.unwrap_or(LIMIT);
    let read = |wait| outbox::batch(&source.database, source.role, query.after, limit, wait);
    let batch = tokio::select! {
        batch = read(wait) => batch,
        // A stop does not wait for a reader that waits for us.
        () = source.draining.cancelled() => read(Duration::ZERO).await,
    };
    batch.map(Json).map_err(Reject::unavailable)
}
