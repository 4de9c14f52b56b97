//! `/v1/seasons`.

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
use crate::store::PartKind;

/// The episodes of a season
#[utoipa::path(
    get,
    path = "/v1/seasons/{id}/episodes",
    tag = "catalog",
    params(("id" = String, Path, description = "The season's id"), Reading),
    responses(
        (status = 200, description = "By number", body = wire::Episodes),
        (status = 304, description = "The reader has it already"),
        (status = 400, description = "`query-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`season-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_episodes(
    State(catalog): Shared,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(query): Query<Reading>,
) -> Result<Response, Reject> {
    let reader = Reader::of(&caller, &headers, &query)?;
    let show = catalog.store.title_of_part(PartKind::Season, &id).await.map_err(CatalogError::from)?;
    let show = reader.allowed(show, Noun::Season, &id)?;
    let season = show.document.seasons.iter().find(|season| season.id == id);
    let season = season.ok_or_else(|| CatalogError::not_found(Noun::Season, &id))?;
    let durations = catalog.store.playable_episodes(&show).await.map_err(CatalogError::from)?;
    let mut subjects: Vec<&str> = season.episodes.iter().map(|episode| episode.id.as_str()).collect();
    subjects.push(&show.document.id);
    let episodes =
        presented(&catalog, &reader, &subjects, |presenter| presenter.episodes(&show.document, season, &durations))
            .await?;
    answer(&headers, &wire::Episodes { items: episodes }, catalog.freshness, reader.sharing, None)
}
