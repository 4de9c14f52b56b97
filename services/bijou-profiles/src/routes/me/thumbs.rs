//! Thumbs: down, up, double up.

use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Json, Path, Query, Reject};
use bijou_problem::Problem;
use bijou_profiles_api::{Thumb, ThumbItem};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::conditional::answer;
use crate::domain::cursor::{List, Place};
use crate::domain::profile;
use crate::error::ProfilesError;
use crate::routes::Shared;
use crate::routes::access::Own;
use crate::routes::page::{Part, cut};
use crate::store::kept::Kept;

const LIST: &str = "thumbs";
const TITLES_MAX: i64 = 5_000;

/// A part of the verdicts, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProfilesThumbs)]
pub(crate) struct ThumbsBody {
    items: Vec<ThumbItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// A verdict.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ProfilesNewThumb)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewThumb {
    value: Thumb,
}

/// The verdicts given
#[utoipa::path(
    get,
    path = "/v1/me/thumbs",
    tag = "me",
    params(Part),
    responses(
        (status = 200, description = "A part of them", body = ThumbsBody),
        (status = 304, description = "Nothing has changed"),
        (status = 400, description = "`query-invalid`, `cursor-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_thumbs(
    State(service): Shared,
    caller: Caller,
    headers: HeaderMap,
    Query(part): Query<Part>,
) -> Result<Response, Reject> {
    let own = Own::of(&caller)?;
    let list = List { name: LIST, profile: own.profile };
    let (limit, place) = (part.limit()?, part.place(&service, list)?);
    let mut thumbs = service.store.thumbs(own.profile, place.as_ref(), limit + 1).await.map_err(ProfilesError::from)?;
    let next = cut(&service, list, &mut thumbs, limit, |(id, _, at_ms)| Place { at_ms: *at_ms, id: id.clone() });
    let items = thumbs.into_iter().map(|(title_id, value, _)| ThumbItem { title_id, value }).collect();
    answer(&headers, &ThumbsBody { items, next })
}

/// Give a verdict on a title
#[utoipa::path(
    put,
    path = "/v1/me/thumbs/{title_id}",
    tag = "me",
    params(("title_id" = String, Path, description = "The title's id")),
    request_body = NewThumb,
    responses(
        (status = 204, description = "It is given"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`profile-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`list-full`: there are 5,000", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`profile-invalid`: no id", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn put_thumb(
    State(service): Shared,
    caller: Caller,
    Path(title): Path<String>,
    Json(new): Json<NewThumb>,
) -> Result<StatusCode, Reject> {
    let own = Own::of(&caller)?;
    profile::id("title_id", &title).map_err(ProfilesError::from)?;
    let kept = service.store.set_thumb(own.profile, &title, new.value, TITLES_MAX, service.clock.now_ms()).await;
    match kept.map_err(ProfilesError::from)? {
        Kept::Done => Ok(StatusCode::NO_CONTENT),
        Kept::Full => Err(ProfilesError::KeptFull { titles_max: TITLES_MAX }.into()),
        Kept::Gone => Err(ProfilesError::ProfileNotFound.into()),
    }
}

/// Take a verdict back
#[utoipa::path(
    delete,
    path = "/v1/me/thumbs/{title_id}",
    tag = "me",
    params(("title_id" = String, Path, description = "The title's id")),
    responses(
        (status = 204, description = "There is none"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn delete_thumb(
    State(service): Shared,
    caller: Caller,
    Path(title): Path<String>,
) -> Result<StatusCode, Reject> {
    let own = Own::of(&caller)?;
    service.store.unset_thumb(own.profile, &title, service.clock.now_ms()).await.map_err(ProfilesError::from)?;
    Ok(StatusCode::NO_CONTENT)
}
