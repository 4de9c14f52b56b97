//! My list.

use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Path, Query, Reject};
use bijou_problem::Problem;
use bijou_profiles_api::ListItem;
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::conditional::answer;
use crate::domain::cursor::{List, Place};
use crate::domain::profile;
use crate::error::ProfilesError;
use crate::routes::Shared;
use crate::routes::access::Own;
use crate::routes::page::{Part, cut};
use crate::store::kept::Kept;
use crate::time;

const LIST: &str = "list";
/// Nobody's evening is that long.
const TITLES_MAX: i64 = 500;

/// A part of the list, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProfilesList)]
pub(crate) struct ListBody {
    items: Vec<ListItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// My list
#[utoipa::path(
    get,
    path = "/v1/me/list",
    tag = "me",
    params(Part),
    responses(
        (status = 200, description = "A part of it", body = ListBody),
        (status = 304, description = "Nothing has changed"),
        (status = 400, description = "`query-invalid`, `cursor-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_list(
    State(service): Shared,
    caller: Caller,
    headers: HeaderMap,
    Query(part): Query<Part>,
) -> Result<Response, Reject> {
    let own = Own::of(&caller)?;
    let list = List { name: LIST, profile: own.profile };
    let (limit, place) = (part.limit()?, part.place(&service, list)?);
    let mut titles = service.store.list(own.profile, place.as_ref(), limit + 1).await.map_err(ProfilesError::from)?;
    let next = cut(&service, list, &mut titles, limit, |(id, at_ms)| Place { at_ms: *at_ms, id: id.clone() });
    let items = titles.into_iter().map(|(title_id, at_ms)| ListItem { title_id, added_at: time::at(at_ms) });
    answer(&headers, &ListBody { items: items.collect(), next })
}

/// Put a title on my list
#[utoipa::path(
    put,
    path = "/v1/me/list/{title_id}",
    tag = "me",
    params(("title_id" = String, Path, description = "The title's id")),
    responses(
        (status = 204, description = "It is on the list"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`profile-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`list-full`: there are 500", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`profile-invalid`: no id", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn put_list_title(
    State(service): Shared,
    caller: Caller,
    Path(title): Path<String>,
) -> Result<StatusCode, Reject> {
    let own = Own::of(&caller)?;
    profile::id("title_id", &title).map_err(ProfilesError::from)?;
    let kept = service.store.list_title(own.profile, &title, TITLES_MAX, service.clock.now_ms()).await;
    match kept.map_err(ProfilesError::from)? {
        Kept::Done => Ok(StatusCode::NO_CONTENT),
        Kept::Full => Err(ProfilesError::KeptFull { titles_max: TITLES_MAX }.into()),
        Kept::Gone => Err(ProfilesError::ProfileNotFound.into()),
    }
}

/// Take a title off my list
#[utoipa::path(
    delete,
    path = "/v1/me/list/{title_id}",
    tag = "me",
    params(("title_id" = String, Path, description = "The title's id")),
    responses(
        (status = 204, description = "It is not on the list"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn delete_list_title(
    State(service): Shared,
    caller: Caller,
    Path(title): Path<String>,
) -> Result<StatusCode, Reject> {
    let own = Own::of(&caller)?;
    service.store.unlist_title(own.profile, &title, service.clock.now_ms()).await.map_err(ProfilesError::from)?;
    Ok(StatusCode::NO_CONTENT)
}
