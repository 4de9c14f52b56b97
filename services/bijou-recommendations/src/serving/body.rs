//! The page as it travels.

use bijou_catalog_api::{Artwork, Kind, TitleSummary};
use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::page::{Fallback, Placed, Row};

/// A part of the home page.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendationsHome)]
pub(crate) struct HomeBody<'a> {
    /// The title that leads the page; only in the first part, and only if there is any title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) hero: Option<Card<'a>>,
    pub(crate) rows: Vec<RowBody<'a>>,
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
    /// `popular`, `new`, `genre`, `more`; there may be others.
    kind: &'static str,
    items: Vec<Card<'a>>,
    /// Why the row is not what it would like to be: `few-plays`, `nothing-new`, `last-known-titles`, `last-known-plays`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    fallback: Option<&'static str>,
}

/// A title on the page.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendationsCard)]
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
}

/// Why the title is here.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecommendationsReason)]
pub(crate) struct ReasonBody {
    /// `popular`, `popular-in-demo`, `new`, `genre`, `playable`, `listed`; there may be others.
    code: &'static str,
    #[schema(example = "Played 12 times this week")]
    text: String,
}

/// A part of the page, written out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    pub(crate) json: Bytes,
    pub(crate) entity_tag: String,
}

impl Part {
    pub(crate) fn of(body: &HomeBody<'_>) -> Self {
        let json = Bytes::from(serde_json::to_vec(body).expect("strings and numbers serialise"));
        let entity_tag = crate::conditional::entity_tag(&json);
        Self { json, entity_tag }
    }
}

impl<'a> Card<'a> {
    pub(crate) fn of(titles: &'a [TitleSummary], placed: &Placed) -> Self {
        let title = &titles[placed.candidate];
        Self {
            title_id: &title.id,
            kind: title.kind,
            name: &title.name,
            year: title.year,
            artwork: &title.artwork,
            synopsis_short: title.synopsis_short.as_deref(),
            playable: title.playable,
            certification_age: title.certification_age,
            reason: ReasonBody { code: placed.reason.code(), text: placed.reason.text() },
        }
    }
}

impl<'a> RowBody<'a> {
    pub(crate) fn of(titles: &'a [TitleSummary], row: &'a Row, items: &[&Placed]) -> Self {
        Self {
            id: &row.id,
            name: &row.name,
            kind: row.kind.name(),
            items: items.iter().map(|placed| Card::of(titles, placed)).collect(),
            fallback: row.fallback.map(Fallback::name),
        }
    }
}
