//! Why a card is where it is, in full.

use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Path, Reject, RequestContext};
use bijou_problem::Problem;
use http::HeaderMap;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::audience::{Audience, Looking};
use crate::conditional::{Use, answer};
use crate::domain::card::{Card, Mark};
use crate::domain::explain::{Explained, explain};
use crate::domain::page::Table;
use crate::domain::personal::Person;
use crate::domain::scores::By;
use crate::error::PageError;
use crate::model::Model;
use crate::routes::Shared;
use crate::serving::Part;

/// Why a title is where it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendationsExplanation)]
pub(crate) struct ExplanationBody<'a> {
    title_id: &'a str,
    name: &'a str,
    /// Kind of the card's row.
    row: &'static str,
    /// Place in it, from 0.
    position: u8,
    code: &'static str,
    /// The short answer.
    #[schema(example = "Because you watched Sintel")]
    text: String,
    /// Sum of all contributions: what titles are ranked by in rows made from what was watched.
    score: f32,
    /// Everything of what the profile watched, liked or picked that speaks for or against the title, the most first.
    contributions: Vec<ContributionBody<'a>>,
    /// Plays by people, in the last seven days and ever.
    plays_week: i64,
    plays: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    model: Option<ModelBody<'a>>,
}

/// What one title says about another one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendationsContribution)]
pub(crate) struct ContributionBody<'a> {
    title_id: &'a str,
    name: &'a str,
    /// What the profile did with it: `watched`, `liked`, `loved`, `picked`.
    kind: &'static str,
    /// `viewing`: those who watched one watched the other. `likeness`: they share genres and people.
    by: &'static str,
    /// How much that counts: 1 for a film just watched to its end.
    strength: f32,
    /// What the model knows between the two titles; negative speaks against.
    weight: f32,
    /// Strength times weight.
    amount: f32,
    /// Part of all that speaks for the title, 0 to 1; 0 for what speaks against it.
    share: f32,
}

/// The model that the contributions are of.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendationsModel)]
pub(crate) struct ModelBody<'a> {
    version: &'a str,
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    profiles: usize,
    interactions: usize,
    /// Whether the card was made by it too; if not, its own reason may have been another one.
    is_of_card: bool,
}

/// Why a card is where it is, in full
///
/// Made from what was known when the card was: later plays do not count. A card is explained to the profile it was made
/// for, and to nobody else.
#[utoipa::path(
    get,
    path = "/v1/explain/{card}",
    tag = "recommendations",
    params(("card" = String, Path, description = "`card` of a card")),
    responses(
        (status = 200, description = "Why", body = ExplanationBody),
        (status = 304, description = "The reader has it already"),
        (status = 400, description = "`card-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`title-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`home-not-ready`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_explanation(
    State(recommendations): Shared,
    caller: Caller,
    context: RequestContext,
    headers: HeaderMap,
    Path(card): Path<String>,
) -> Result<Response, Reject> {
    let card = match caller.passport().profile() {
        Some(profile) => recommendations.signer(profile).open(&card),
        None => recommendations.nobody.open(&card),
    }
    .map_err(PageError::from)?;
    let audience = recommendations.audience(&caller, &context, &Looking::default()).await?;
    let library = audience.snapshot.library();
    let at = library.marked(card.title).filter(|at| audience.view.allowed[*at]).ok_or(PageError::CardGone)?;
    let known_ms = (i64::from(card.known_s) + 1) * 1000 - 1;
    let person = match &audience.reader {
        Some(someone) => someone.reading.clone().known_until(known_ms).person(|id| audience.place(id)),
        None => Person::default(),
    };
    let explained = explain(
        at,
        card.row,
        subject(&audience, card.subject),
        &person,
        &Table {
            candidates: audience.snapshot.candidates(),
            orders: audience.snapshot.orders(),
            free: audience.view.allowed.clone(),
            now_ms: audience.now_ms,
        },
        audience.snapshot.learned(),
    );
    let body = body(&audience, &card, at, &person, &explained);
    Ok(answer(&headers, &Part::of(&body), Use::AfterAsking))
}

/// The title a row is about.
fn subject(audience: &Audience, mark: Mark) -> Option<usize> {
    audience.snapshot.library().marked(mark).filter(|at| audience.view.allowed[*at])
}

fn body<'a>(
    audience: &'a Audience,
    card: &Card,
    at: usize,
    person: &Person,
    explained: &Explained,
) -> ExplanationBody<'a> {
    let titles = audience.snapshot.library().titles();
    let candidate = &audience.snapshot.candidates()[at];
    let positive: f32 = explained.contributions.iter().map(|part| part.amount.max(0.0)).sum();
    let contribution = |part: &crate::domain::scores::Contribution| {
        let signal = &person.signals[part.signal];
        ContributionBody {
            title_id: &titles[signal.title].id,
            name: &titles[signal.title].name,
            kind: signal.kind.name(),
            by: match part.by {
                By::Viewing => "viewing",
                By::Likeness => "likeness",
            },
            strength: signal.strength,
            weight: part.weight,
            amount: part.amount,
            share: if positive > 0.0 { part.amount.max(0.0) / positive } else { 0.0 },
        }
    };
    let learned = audience.snapshot.learned();
    ExplanationBody {
        title_id: &titles[at].id,
        name: &titles[at].name,
        row: card.row.name(),
        position: card.position,
        code: explained.reason.code(),
        text: explained.reason.text(),
        score: explained.contributions.iter().map(|part| part.amount).sum(),
        contributions: explained.contributions.iter().map(contribution).collect(),
        plays_week: candidate.plays_week,
        plays: candidate.plays,
        model: learned.map(|learned| model(learned.model(), learned.mark() == card.model)),
    }
}

fn model(model: &Model, is_of_card: bool) -> ModelBody<'_> {
    ModelBody {
        version: &model.version,
        made_at: Timestamp::from_millisecond(model.made_ms).unwrap_or_default(),
        profiles: model.facts.profiles,
        interactions: model.facts.interactions,
        is_of_card,
    }
}
