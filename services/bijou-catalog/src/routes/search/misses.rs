//! What nobody found.

use axum::extract::State;
use axum::response::Response;
use bijou_catalog_api as wire;
use bijou_chassis::{Caller, Query, Reject};
use bijou_problem::Problem;
use http::HeaderMap;
use jiff::Timestamp;

use crate::conditional::answer;
use crate::routes::Shared;
use crate::routes::reading::{OPERATOR, Reader, Reading};

/// Queries that found nothing
///
/// At the instance that answers, since it started; at most 200. Nothing of who asked is kept.
#[utoipa::path(
    get,
    path = "/v1/search/misses",
    tag = "catalog",
    params(Reading),
    responses(
        (status = 200, description = "The most frequent first", body = wire::Misses),
        (status = 304, description = "The reader has it already"),
        (status = 400, description = "`query-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_misses(
    State(catalog): Shared,
    caller: Caller,
    headers: HeaderMap,
    Query(query): Query<Reading>,
) -> Result<Response, Reject> {
    caller.require_scope(OPERATOR)?;
    let reader = Reader::of(&caller, &headers, &query)?;
    let item = |(text, miss): (String, crate::search::Miss)| wire::Miss {
        text,
        count: miss.count,
        last_at: Timestamp::from_millisecond(miss.last_ms).unwrap_or_default(),
    };
    let items = catalog.search.misses().into_iter().map(item).collect();
    answer(&headers, &wire::Misses { items }, catalog.freshness, reader.sharing, None)
}
