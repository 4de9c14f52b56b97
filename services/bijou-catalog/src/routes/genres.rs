//! `/v1/genres`.

use axum::extract::State;
use axum::response::Response;
use bijou_catalog_api as wire;
use bijou_chassis::{Caller, Query, Reject};
use bijou_problem::Problem;
use http::HeaderMap;

use super::Shared;
use super::reading::{Reader, Reading, presented};
use crate::conditional::answer;
use crate::domain::query::Filter;
use crate::error::CatalogError;

/// The genres that have titles for the reader
#[utoipa::path(
    get,
    path = "/v1/genres",
    tag = "catalog",
    params(Reading),
    responses(
        (status = 200, description = "By name, with the number of titles", body = wire::Genres),
        (status = 304, description = "The reader has it already"),
        (status = 400, description = "`query-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_genres(
    State(catalog): Shared,
    caller: Caller,
    headers: HeaderMap,
    Query(query): Query<Reading>,
) -> Result<Response, Reject> {
    let reader = Reader::of(&caller, &headers, &query)?;
    let counts = catalog.counted.counts(&Filter::default(), &reader.viewing).await.map_err(CatalogError::from)?;
    let mut items = presented(&catalog, &reader, &[], |presenter| {
        let facet =
            |(id, count): &(String, u64)| wire::Facet { id: id.clone(), name: presenter.genre_name(id), count: *count };
        counts.genres.iter().map(facet).collect::<Vec<_>>()
    })
    .await?;
    items.sort_by(|one, two| one.name.cmp(&two.name));
    answer(&headers, &wire::Genres { items }, catalog.freshness, reader.sharing, None)
}
