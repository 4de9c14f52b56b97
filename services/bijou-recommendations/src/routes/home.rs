//! The home page.

use std::time::Instant;

use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Query, Reject, RequestContext};
use bijou_problem::Problem;
use http::HeaderMap;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::audience::Looking;
use crate::conditional::{Use, answer};
use crate::domain::cursor::Seen;
use crate::error::PageError;
use crate::routes::Shared;
use crate::serving::{HomeBody, Part};

/// What may be asked of the page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GetHome {
    /// `next` of the part before.
    cursor: Option<String>,
    /// What would be there at this time (RFC 3339); for operators.
    as_of: Option<String>,
    /// What would be there in this country (ISO 3166-1 alpha-2); for operators.
    territory: Option<String>,
}

/// The home page, a part at a time
///
/// With a token of a profile it is that profile's: what was begun, its list, picks from what it watched. Its last play
/// counts at once. The first part has the hero and the first rows. No title comes twice, in all parts together.
#[utoipa::path(
    get,
    path = "/v1/home",
    tag = "recommendations",
    params(GetHome),
    responses(
        (status = 200, description = "A part of the page", body = HomeBody),
        (status = 304, description = "The reader has it already"),
        (status = 400, description = "`cursor-invalid`, `query-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`: another time or country is for operators", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`home-not-ready`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_home(
    State(recommendations): Shared,
    caller: Caller,
    context: RequestContext,
    headers: HeaderMap,
    Query(query): Query<GetHome>,
) -> Result<Response, Reject> {
    let seen =
        query.cursor.map_or_else(|| Ok(Seen::default()), |cursor| Seen::decode(&cursor)).map_err(PageError::from)?;
    let looking = Looking { as_of: query.as_of, territory: query.territory };
    let audience = recommendations.audience(&caller, &context, &looking).await?;
    let (snapshot, view) = (&audience.snapshot, &audience.view);
    let signature = audience.signature(&recommendations.nobody);
    let Some(person) = audience.person() else {
        let fresh = audience.fresh(recommendations.config.fresh_s);
        let common = snapshot.common(view, &recommendations.nobody, audience.now_ms);
        if seen == Seen::default() {
            return Ok(answer(&headers, &common.first, fresh));
        }
        return Ok(answer(&headers, &Part::of(&snapshot.part(&common.layout, &seen, &signature, &[])), fresh));
    };
    let started = Instant::now();
    let layout = snapshot.page_of(person, view, audience.now_ms);
    let part = Part::of(&snapshot.part(&layout, &seen, &signature, audience.missing()));
    recommendations.metrics.laid_out(started.elapsed());
    Ok(answer(&headers, &part, Use::AfterAsking))
}
