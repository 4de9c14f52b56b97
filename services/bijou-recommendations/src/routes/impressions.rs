//! What was seen.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Reject};
use bijou_problem::Problem;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::card::{Card, InvalidCard};
use crate::error::PageError;
use crate::now_ms;
use crate::routes::Shared;
use crate::store::Impression;

/// Most impressions in one request: more than a screen can show while it is scrolled.
const IMPRESSIONS_MAX: usize = 200;

/// Longest name of a row.
const ROW_CHARS_MAX: usize = 120;

/// Cards that somebody saw.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecommendationsImpressions)]
pub(crate) struct CreateImpressions {
    /// At most 200.
    items: Vec<Seen>,
}

/// A card that came into view.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecommendationsImpression)]
pub(crate) struct Seen {
    /// The card's `card`.
    card: String,
    /// Id of its row; absent: the kind of row it was made for.
    #[serde(default)]
    #[schema(nullable = false)]
    row: Option<String>,
    /// Place in the row, from 0; absent: the place it was made for.
    #[serde(default)]
    #[schema(nullable = false)]
    position: Option<u16>,
}

/// Tells which cards came into view
///
/// Kept for 30 days with position and version of the model, so that a model can be judged by what was shown and what was
/// played. Of children's profiles nothing is kept.
#[utoipa::path(
    post,
    path = "/v1/impressions",
    tag = "recommendations",
    request_body = CreateImpressions,
    responses(
        (status = 204, description = "Noted"),
        (status = 400, description = "`card-invalid`, `too-many-impressions`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`profile-required`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn create_impressions(
    State(recommendations): Shared,
    caller: Caller,
    Json(body): Json<CreateImpressions>,
) -> Result<StatusCode, Reject> {
    let profile = caller.passport().profile().ok_or(PageError::ProfileRequired)?;
    if body.items.len() > IMPRESSIONS_MAX {
        return Err(PageError::TooManyImpressions { count: body.items.len(), max: IMPRESSIONS_MAX }.into());
    }
    let signer = recommendations.signer(profile);
    let cards: Vec<Card> = body
        .items
        .iter()
        .map(|seen| signer.open(&seen.card))
        .collect::<Result<_, InvalidCard>>()
        .map_err(PageError::from)?;
    if caller.passport().claims.kids {
        return Ok(StatusCode::NO_CONTENT);
    }
    let snapshot = recommendations.serving.current();
    let versions = recommendations.store.model_marks().await.map_err(PageError::from)?;
    let mut impressions = Vec::with_capacity(cards.len());
    for (card, seen) in cards.iter().zip(body.items) {
        // A title that left the catalog meanwhile has no name any more.
        let Some(title) = snapshot.library().marked(card.title) else { continue };
        impressions.push(Impression {
            title_id: snapshot.library().titles()[title].id.clone(),
            row_id: seen
                .row
                .map_or_else(|| card.row.name().to_owned(), |row| row.chars().take(ROW_CHARS_MAX).collect()),
            position: seen.position.map_or(i64::from(card.position), i64::from),
            model_version: versions.get(&card.model).map(String::as_str).unwrap_or_default().to_owned(),
        });
    }
    recommendations.store.add_impressions(profile, now_ms(), &impressions).await.map_err(PageError::from)?;
    recommendations.metrics.seen(impressions.len());
    Ok(StatusCode::NO_CONTENT)
}
