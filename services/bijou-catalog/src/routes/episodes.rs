//! `/v1/episodes`.

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

/// An episode
///
/// With the show and season it belongs to and the episode that comes after it.
#[utoipa::path(
    get,
    path = "/v1/episodes/{id}",
    tag = "catalog",
    params(("id" = String, Path, description = "The episode's id"), Reading),
    responses(
        (status = 200, description = "The episode", body = wire::EpisodeDetail),
        (status = 304, description = "The reader has it already"),
        (status = 400, description = "`query-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`episode-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_episode(
    State(catalog): Shared,
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(query): Query<Reading>,
) -> Result<Response, Reject> {
    let reader = Reader::of(&caller, &headers, &query)?;
    let show = catalog.store.title_of_part(PartKind::Episode, &id).await.map_err(CatalogError::from)?;
    let show = reader.allowed(show, Noun::Episode, &id)?;
    let place = show.document.episodes().find(|place| place.episode.id == id);
    let place = place.ok_or_else(|| CatalogError::not_found(Noun::Episode, &id))?;
    let durations = catalog.store.playable_episodes(&show).await.map_err(CatalogError::from)?;
    let subjects = [id.as_str(), &show.document.id];
    let episode =
        presented(&catalog, &reader, &subjects, |presenter| presenter.episode_detail(&show, place, &durations)).await?;
    answer(&headers, &episode, catalog.freshness, reader.sharing, None)
}
