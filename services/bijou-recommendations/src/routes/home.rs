//! The home page.

use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Query, Reject};
use bijou_problem::Problem;
use http::HeaderMap;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::conditional::answer;
use crate::domain::cursor::Seen;
use crate::error::HomeError;
use crate::routes::Shared;
use crate::serving::{HomeBody, Part};

/// What may be asked of the page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GetHome {
    /// `next` of the part before.
    cursor: Option<String>,
}

/// The home page, a part at a time
///
/// The first part has the hero and the first rows. No title comes twice, in all parts together.
#[utoipa::path(
    get,
    path = "/v1/home",
    tag = "recommendations",
    params(GetHome),
    responses(
        (status = 200, description = "A part of the page", body = HomeBody),
        (status = 304, description = "The reader has it already"),
        (status = 400, description = "`cursor-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`home-not-ready`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_home(
    State(recommendations): Shared,
    _: Caller,
    headers: HeaderMap,
    Query(query): Query<GetHome>,
) -> Result<Response, Reject> {
    let snapshot = recommendations.serving.current();
    let first = snapshot.first().ok_or(HomeError::NothingKnown)?;
    let fresh_s = recommendations.config.fresh_s;
    let Some(cursor) = query.cursor else {
        return Ok(answer(&headers, first, fresh_s));
    };
    let seen = Seen::decode(&cursor).map_err(HomeError::from)?;
    Ok(answer(&headers, &Part::of(&snapshot.part(&seen)), fresh_s))
}
