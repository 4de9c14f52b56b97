//! `/v1/shows`: what a show has that a movie has not.

use axum::extract::State;
use axum::response::Response;
use bijou_catalog_api as wire;
use bijou_chassis::{Caller, Path, Query, Reject};
use bijou_problem::Problem;
use http::HeaderMap;

use super::Shared;
use super::reading::{Reader, Reading, presented};
use crate::conditional::answer;
use crate::error::{CatalogError, Noun};

/// The seasons of a show
#[utoipa::path(
    get,
    path = "/v1/shows/{id}/seasons",
    tag = "catalog",
    params(("id" = String, Path, description = "The show's id"), Reading),
    responses(
        (status = 200, description = "By number", body = wire::Seasons),
        (status = 304, description = "The reader has it already"),
        (status = 400, description = "`query-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`show-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_seasons(
    State(catalog): Shared,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(query): Query<Reading>,
) -> Result<Response, Reject> {
    let reader = Reader::of(&caller, &headers, &query)?;
    let show = catalog.store.title(&id).await.map_err(CatalogError::from)?;
    let show = show.filter(|title| title.document.kind == wire::Kind::Show);
    let show = reader.allowed(show, Noun::Show, &id)?;
    let items = presented(&catalog, &reader, &[], |presenter| presenter.seasons(&show.document)).await?;
    answer(&headers, &wire::Seasons { items }, catalog.freshness, reader.sharing, None)
}
