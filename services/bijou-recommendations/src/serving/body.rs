//! The page as it travels.

use bijou_catalog_api::{Artwork, Kind, TitleSummary};
use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::reason::Reason;
use crate::domain::row::{Fallback, Placed, Progress, Row};

/// A part of the home page.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendationsHome)]
pub(crate) struct HomeBody<'a> {
    /// The title that leads the page; only in the first part, and only if there is any title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) hero: Option<Card<'a>>,
    pub(crate) rows: Vec<RowBody<'a>>,
    /// Services that could not add to the page: what they know is as of last time, or absent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>, required = false, example = json!(["profiles"]))]
    pub(crate) missing: Vec<&'static str>,
    /// Where to go on; absent when there are no more rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) next: Option<String>,
}

/// A row of titles. No title comes twice on the page.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendationsRow)]
pub(crate) struct RowBody<'a> {
    #[schema(example = "genre-animation")]
    id: &'a str,
    #[schema(example = "Animation")]
    name: &'a str,
    /// `continue`, `my_list`, `top_picks`, `because`, `trending`, `top10`, `new`, `genre`, `popular`, `more`, `again`,
    /// `similar`; there may be others.
    kind: &'static str,
    items: Vec<Card<'a>>,
    /// Why the row is not what it would like to be: `few-plays`, `nothing-new`, `no-history`, `no-model`,
    /// `last-known-titles`, `last-known-plays`, `last-known-history`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    fallback: Option<&'static str>,
}

/// A title on the page.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendationsCard)]
#[expect(clippy::struct_field_names, reason = "the names are the wire's")]
pub(crate) struct Card<'a> {
    title_id: &'a str,
    kind: Kind,
    name: &'a str,
    year: i32,
    #[schema(value_type = Artwork)]
    artwork: &'a Artwork,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    synopsis_short: Option<&'a str>,
    playable: bool,
    certification_age: u8,
    reason: ReasonBody,
    /// Names this card in its place: for `GET /v1/explain/{card}` and impressions.
    card: String,
    /// Where to go on, on cards of what was begun.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    progress: Option<ProgressBody>,
}

/// How far somebody got.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendationsProgress)]
pub(crate) struct ProgressBody {
    /// Which episode; absent for a film.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    episode_id: Option<String>,
    /// In seconds; 0 at the beginning of a next episode.
    position_s: f64,
    /// In seconds; 0 while the length is not known.
    duration_s: f64,
}

/// Why the title is here.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendationsReason)]
pub(crate) struct ReasonBody {
    /// `because`, `alike`, `similar`, `popular`, `popular-in-demo`, `ranked`, `new`, `genre`, `begun`, `next-episode`,
    /// `on-list`, `watched`, `playable`, `listed`; there may be others.
    code: &'static str,
    /// Place in the week's list, from 1; on what is there because of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    place: Option<u8>,
    #[schema(example = "Played 12 times this week")]
    text: String,
}

/// Titles like another one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendationsSimilar)]
pub(crate) struct SimilarBody<'a> {
    items: Vec<Card<'a>>,
    /// As in rows of the home page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    fallback: Option<&'static str>,
    /// As on the home page.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>, required = false)]
    missing: Vec<&'static str>,
}

/// An answer, written out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    pub(crate) json: Bytes,
    pub(crate) entity_tag: String,
}

impl Part {
    pub(crate) fn of(body: &impl Serialize) -> Self {
        let json = Bytes::from(serde_json::to_vec(body).expect("strings and numbers serialise"));
        let entity_tag = crate::conditional::entity_tag(&json);
        Self { json, entity_tag }
    }
}

impl<'a> SimilarBody<'a> {
    pub(crate) fn of(row: Option<RowBody<'a>>, missing: &[&'static str]) -> Self {
        let (items, fallback) = row.map_or_else(Default::default, |row| (row.items, row.fallback));
        Self { items, fallback, missing: missing.to_vec() }
    }
}

impl ReasonBody {
    pub(crate) fn of(reason: &Reason) -> Self {
        let place = match reason {
            Reason::Ranked { place, .. } => u8::try_from(*place).ok(),
            _ => None,
        };
        Self { code: reason.code(), place, text: reason.text() }
    }
}

impl ProgressBody {
    fn of(progress: &Progress) -> Self {
        Self {
            episode_id: progress.episode_id.clone(),
            position_s: progress.position_s,
            duration_s: progress.duration_s,
        }
    }
}

impl<'a> Card<'a> {
    pub(crate) fn of(title: &'a TitleSummary, placed: &Placed, card: String) -> Self {
        Self {
            title_id: &title.id,
            kind: title.kind,
            name: &title.name,
            year: title.year,
            artwork: &title.artwork,
            synopsis_short: title.synopsis_short.as_deref(),
            playable: title.playable,
            certification_age: title.certification_age,
            reason: ReasonBody::of(&placed.reason),
            card,
            progress: placed.progress.as_ref().map(ProgressBody::of),
        }
    }
}

impl<'a> RowBody<'a> {
    pub(crate) fn of(row: &'a Row, items: Vec<Card<'a>>) -> Self {
        Self { id: &row.id, name: &row.name, kind: row.kind.name(), items, fallback: row.fallback.map(Fallback::name) }
    }
}
