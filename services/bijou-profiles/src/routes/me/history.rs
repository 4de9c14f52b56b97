//! What somebody saw.

use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Path, Query, Reject};
use bijou_problem::Problem;
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::conditional::answer;
use crate::domain::cursor::{List, Place};
use crate::domain::going_on::fraction;
use crate::error::ProfilesError;
use crate::routes::Shared;
use crate::routes::access::Own;
use crate::routes::page::{Part, cut};
use crate::store::history::Entry;
use crate::time;

const LIST: &str = "history";

/// A part of the viewing history, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProfilesHistory)]
pub(crate) struct HistoryBody {
    items: Vec<HistoryEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// One film or episode of one playback.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProfilesHistoryEntry)]
pub(crate) struct HistoryEntry {
    id: String,
    title_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    episode_id: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    started_at: jiff::Timestamp,
    /// When it was heard of last.
    #[schema(value_type = String, format = DateTime)]
    last_at: jiff::Timestamp,
    /// Where it was stopped, in seconds,
    position_s: f64,
    /// of so many.
    duration_s: f64,
    /// 0 to 1.
    fraction: f64,
}

impl From<Entry> for HistoryEntry {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id,
            title_id: entry.title_id,
            episode_id: entry.episode_id,
            started_at: time::at(entry.started_ms),
            last_at: time::at(entry.last_ms),
            position_s: time::seconds(entry.position_ms),
            duration_s: time::seconds(entry.duration_ms),
            fraction: fraction(entry.position_ms, entry.duration_ms),
        }
    }
}

/// The viewing history
#[utoipa::path(
    get,
    path = "/v1/me/history",
    tag = "me",
    params(Part),
    responses(
        (status = 200, description = "A part of it", body = HistoryBody),
        (status = 304, description = "Nothing has changed"),
        (status = 400, description = "`query-invalid`, `cursor-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_history(
    State(service): Shared,
    caller: Caller,
    headers: HeaderMap,
    Query(part): Query<Part>,
) -> Result<Response, Reject> {
    let own = Own::of(&caller)?;
    let list = List { name: LIST, profile: own.profile };
    let (limit, place) = (part.limit()?, part.place(&service, list)?);
    // What was watched a moment ago is in it.
    service.positions.flush_profile(own.profile).await.map_err(ProfilesError::from)?;
    let mut entries =
        service.store.history(own.profile, place.as_ref(), limit + 1).await.map_err(ProfilesError::from)?;
    let next = cut(&service, list, &mut entries, limit, |last| Place { at_ms: last.started_ms, id: last.id.clone() });
    answer(&headers, &HistoryBody { items: entries.into_iter().map(HistoryEntry::from).collect(), next })
}

/// Delete one entry of the viewing history
///
/// As if it had not been watched: it is not gone on with, and recommends nothing.
#[utoipa::path(
    delete,
    path = "/v1/me/history/{entry_id}",
    tag = "me",
    params(("entry_id" = String, Path, description = "The entry's id")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`, `kids-profile`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`history-entry-not-found`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn delete_history_entry(
    State(service): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Reject> {
    let own = Own::of(&caller)?;
    own.require_grown_up()?;
    service.positions.flush_profile(own.profile).await.map_err(ProfilesError::from)?;
    let deleted = service.store.delete_entry(own.profile, &id, service.clock.now_ms()).await;
    if !deleted.map_err(ProfilesError::from)? {
        return Err(ProfilesError::EntryNotFound { id }.into());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Delete the whole viewing history
///
/// Positions with it. List and thumbs stay.
#[utoipa::path(
    delete,
    path = "/v1/me/history",
    tag = "me",
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`, `kids-profile`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn delete_history(State(service): Shared, caller: Caller) -> Result<StatusCode, Reject> {
    let own = Own::of(&caller)?;
    own.require_grown_up()?;
    service.positions.flush_profile(own.profile).await.map_err(ProfilesError::from)?;
    service.store.delete_history(own.profile, service.clock.now_ms()).await.map_err(ProfilesError::from)?;
    Ok(StatusCode::NO_CONTENT)
}
