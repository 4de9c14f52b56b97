//! `/v1/shows`: what a show has that a movie has not.

use axum::extract::State;
use axum::response::Response;
use bijou_catalog_api as wire;
use bijou_chassis::{Path, Query, Reject};
use bijou_problem::Problem;
use http::HeaderMap;

use super::Shared;
use super::reading::{Lang, preferences, presented};
use crate::conditional::answer;
use crate::error::{CatalogError, Noun};

/// The seasons of a show
#[utoipa::path(
    get,
    path = "/v1/shows/{id}/seasons",
    tag = "catalog",
    params(("id" = String, Path, description = "The show's id"), Lang),
    responses(
        (status = 200, description = "By number", body = wire::Seasons),
        (status = 304, description = "The reader has it already"),
        (status = 400, description = "`query-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`show-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_seasons(
    State(catalog): Shared,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(query): Query<Lang>,
) -> Result<Response, Reject> {
    let reader = preferences(query.lang.as_deref(), &headers)?;
    let show = catalog.store.title(&id).await.map_err(CatalogError::from)?;
    let show = show.filter(|title| title.document.kind == wire::Kind::Show);
    let show = show.ok_or_else(|| CatalogError::not_found(Noun::Show, &id))?;
    let items = presented(&catalog, &reader, &[], |presenter| presenter.seasons(&show.document)).await?;
    answer(&headers, &wire::Seasons { items }, catalog.freshness, None)
}
