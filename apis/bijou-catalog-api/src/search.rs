//! What a search answers. Absent means absent, as everywhere here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Artwork, Facets, Genre, Kind, PersonRef, TitleSummary};

/// A part of what a search found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogSearchPage)]
pub struct SearchPage {
    /// Best first.
    pub items: Vec<SearchHit>,
    /// On the first part only: people the query may mean, with titles the reader may see.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonRef>,
    /// On the first part only: how many titles each narrowing of this query would leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub facets: Option<Facets>,
    /// The query as it was understood, when that is not how it was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "metropolis")]
    pub corrected: Option<String>,
    /// The cursor of the next part; absent on the last one. Opaque, signed, good for the same query only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<String>,
}

/// A title that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogSearchHit)]
pub struct SearchHit {
    pub title_id: String,
    pub kind: Kind,
    pub name: String,
    /// Year of the first release.
    pub year: i32,
    pub genres: Vec<Genre>,
    /// From what age on.
    pub certification_age: u8,
    /// Running time in seconds. Absent on shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub runtime_s: Option<u32>,
    /// One or two sentences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub synopsis_short: Option<String>,
    /// Whether it can be played now; a show, when one of its episodes can.
    pub playable: bool,
    pub artwork: Artwork,
    pub matched: Matched,
}

impl SearchHit {
    pub fn new(title: TitleSummary, matched: Matched) -> Self {
        Self {
            title_id: title.id,
            kind: title.kind,
            name: title.name,
            year: title.year,
            genres: title.genres,
            certification_age: title.certification_age,
            runtime_s: title.runtime_s,
            synopsis_short: title.synopsis_short,
            playable: title.playable,
            artwork: title.artwork,
            matched,
        }
    }
}

/// By what a title was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogMatched)]
pub struct Matched {
    /// A name of its, which may be another than the one shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// People of the credits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonRef>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub genres: Vec<Genre>,
    /// Moods, as the title has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moods: Vec<String>,
}

/// What may be meant by what is typed so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogSuggestions)]
pub struct Suggestions {
    pub items: Vec<Suggestion>,
}

/// One thing that may be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogSuggestion)]
pub struct Suggestion {
    /// To be shown, and to be searched for.
    pub text: String,
    pub kind: SuggestionKind,
    /// The id of the title, person or genre.
    pub id: String,
}

/// What a suggestion leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogSuggestionKind)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionKind {
    Movie,
    Show,
    Person,
    Genre,
}

/// Queries that found nothing at one instance since it started, the most frequent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogMisses)]
pub struct Misses {
    pub items: Vec<Miss>,
}

/// A query that found nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogMiss)]
pub struct Miss {
    /// Lower case, without accents and punctuation.
    pub text: String,
    pub count: u64,
    #[schema(value_type = String, format = DateTime)]
    pub last_at: Timestamp,
}
