//! Titles like another one.

use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Path, Query, Reject, RequestContext};
use bijou_problem::Problem;
use http::HeaderMap;

use crate::audience::Looking;
use crate::conditional::{Use, answer};
use crate::error::PageError;
use crate::routes::Shared;
use crate::serving::{Part, SimilarBody};

/// Titles like another one
///
/// By who watched both, else by genres and people; `fallback` says when there was no telling and it is the genre alone.
/// What the profile has seen or refused is left out.
#[utoipa::path(
    get,
    path = "/v1/similar/{title}",
    tag = "recommendations",
    params(("title" = String, Path, description = "A title's id"), Looking),
    responses(
        (status = 200, description = "At most 24 titles, the most similar first", body = SimilarBody),
        (status = 304, description = "The reader has it already"),
        (status = 400, description = "`query-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`scope-missing`: another time or country is for operators", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`title-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`home-not-ready`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_similar(
    State(recommendations): Shared,
    caller: Caller,
    context: RequestContext,
    headers: HeaderMap,
    Path(title): Path<String>,
    Query(looking): Query<Looking>,
) -> Result<Response, Reject> {
    let audience = recommendations.audience(&caller, &context, &looking).await?;
    let about = audience.place(&title).ok_or(PageError::TitleNotFound { id: title })?;
    let row = audience.snapshot.similar(about, audience.person(), &audience.view);
    let signature = audience.signature(&recommendations.nobody);
    let cards = row.as_ref().map(|row| audience.snapshot.cards(row, &signature));
    let body = SimilarBody::of(cards, audience.missing());
    let fresh =
        if audience.reader.is_some() { Use::AfterAsking } else { audience.fresh(recommendations.config.fresh_s) };
    Ok(answer(&headers, &Part::of(&body), fresh))
}
