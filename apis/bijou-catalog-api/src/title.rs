//! Titles as they travel. Absent means absent: no member is ever `null`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Offer, Terms};

/// What a title is. More kinds may come; readers treat an unknown one as not theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogKind)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Movie,
    Show,
}

/// A genre with its name in the language of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogGenre)]
pub struct Genre {
    pub id: String,
    pub name: String,
}

/// All genres that have titles, by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogGenres)]
pub struct Genres {
    pub items: Vec<Facet>,
}

/// One image in its usual size. The other sizes are had by exchanging the size part of the path
/// (`/img/{title}/{role}/{size}/{name}.jpg`): posters come as `w240`, `w480`, `w960`,
/// backdrops as `w640`, `w1280`, `w1920`. A URL's bytes never change; its name is sealed and cannot be made up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogImage)]
pub struct Image {
    #[schema(example = "/img/sintel/poster/w480/5f2a90c1d3e4b6874c0d91e27a6b38f5.jpg")]
    pub url: String,
    pub width: u32,
    pub height: u32,
    /// The dominant colour, dark enough to set white text on, for what is painted before and around the image.
    #[schema(example = "#3b2230")]
    pub tint: String,
}

/// The images of a title. There always are some: what has no artwork gets a printed poster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogArtwork)]
pub struct Artwork {
    /// 2:3, with the name on it.
    pub poster: Image,
    /// 16:9.
    pub backdrop: Image,
}

/// A title in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogTitleSummary)]
pub struct TitleSummary {
    pub id: String,
    pub kind: Kind,
    pub name: String,
    /// Year of the first release.
    pub year: i32,
    pub genres: Vec<Genre>,
    /// From what age on, over all rating systems: 0 for everyone, 18 for what nobody has rated yet.
    pub certification_age: u8,
    /// Running time in seconds: of the film as it plays here, before that of the original. Absent on shows.
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
    /// When it came into the catalog.
    #[schema(value_type = String, format = DateTime)]
    pub added_at: Timestamp,
    /// Where and when it is offered; absent: everywhere and always. Viewers are told of their own country.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer>,
}

impl TitleSummary {
    /// On what terms the title may be seen.
    pub fn terms(&self) -> Terms<'_> {
        Terms { certification_age: self.certification_age, offers: &self.offers }
    }
}

/// A title with everything about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogTitle)]
pub struct Title {
    #[serde(flatten)]
    pub summary: TitleSummary,
    /// The name in the original language, when it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub original_name: Option<String>,
    /// How it feels, in words that a search finds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moods: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub synopsis: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tagline: Option<String>,
    /// Spoken language of the original, BCP 47; `zxx` for a film without words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub original_language: Option<String>,
    /// The language the name and the texts are given in, BCP 47.
    pub language: String,
    /// In the order of the credits: makers first, then the cast.
    pub credits: Vec<Credit>,
    /// What the licence asks to be shown wherever the film is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub attribution: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub license: Option<License>,
    /// The seasons of a show; absent on movies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub seasons: Option<Vec<Season>>,
}

/// Under what terms a film may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogLicense)]
pub struct License {
    /// An SPDX identifier, or `public-domain`.
    #[schema(example = "CC-BY-3.0")]
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub url: Option<String>,
}

/// What somebody did for a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogCreditRole)]
#[serde(rename_all = "snake_case")]
pub enum CreditRole {
    Director,
    Creator,
    Writer,
    Producer,
    Composer,
    Cinematographer,
    Editor,
    Actor,
}

/// A person, as far as a credit needs one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogPersonRef)]
pub struct PersonRef {
    pub id: String,
    pub name: String,
}

/// One line of the credits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogCredit)]
pub struct Credit {
    pub person: PersonRef,
    pub role: CreditRole,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub character: Option<String>,
}

/// A person and the titles of this catalog they worked on, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogPerson)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub credits: Vec<PersonCredit>,
}

/// One line of a person's work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogPersonCredit)]
pub struct PersonCredit {
    pub title: TitleSummary,
    pub role: CreditRole,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub character: Option<String>,
}

/// A season of a show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogSeason)]
pub struct Season {
    pub id: String,
    pub show_id: String,
    pub number: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub synopsis: Option<String>,
    pub episode_count: u32,
}

/// The seasons of a show by number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogSeasons)]
pub struct Seasons {
    pub items: Vec<Season>,
}

/// An episode of a season.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogEpisode)]
pub struct Episode {
    pub id: String,
    pub season_id: String,
    pub show_id: String,
    pub number: u32,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub synopsis: Option<String>,
    /// Running time in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub runtime_s: Option<u32>,
    /// The day it was shown first, anywhere; absent where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false, example = "2026-05-01")]
    pub aired_on: Option<jiff::civil::Date>,
    pub playable: bool,
    /// A still, or the show's backdrop when the episode has none.
    pub artwork: Image,
}

/// An episode with where it belongs and what comes after it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogEpisodeDetail)]
pub struct EpisodeDetail {
    #[serde(flatten)]
    pub episode: Episode,
    pub season: Season,
    pub show: TitleSummary,
    /// The episode after this one, in the next season after the last of one; absent after the last of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<NextEpisode>,
}

/// What comes after an episode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogNextEpisode)]
pub struct NextEpisode {
    pub episode_id: String,
    pub season_id: String,
    /// The season's number.
    pub season: u32,
    /// The episode's number in its season.
    pub number: u32,
    pub name: String,
    pub playable: bool,
}

/// The episodes of a season by number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogEpisodes)]
pub struct Episodes {
    pub items: Vec<Episode>,
}

/// A part of a list of titles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogTitlePage)]
pub struct TitlePage {
    pub items: Vec<TitleSummary>,
    /// The cursor of the next part; absent on the last one. Opaque, signed, good for the same query only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<String>,
    /// On the first part only: how many titles each narrowing of this query would leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub facets: Option<Facets>,
}

/// Counts for narrowing a list down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogFacets)]
pub struct Facets {
    /// Titles that fit the query.
    pub total: u64,
    pub kinds: Vec<Facet>,
    /// Most frequent first.
    pub genres: Vec<Facet>,
    /// `1970` stands for 1970 to 1979; newest first.
    pub decades: Vec<Facet>,
}

/// One value and how many titles have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogFacet)]
pub struct Facet {
    pub id: String,
    pub name: String,
    pub count: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_takes_what_it_knows_and_absent_stays_absent() {
        let wire = serde_json::json!({
            "id": "bo-lanterns", "kind": "movie", "name": "Lanterns", "year": 2026,
            "genres": [{ "id": "night", "name": "Night" }], "certification_age": 0, "playable": false,
            "artwork": {
                "poster": { "url": "/img/a", "width": 480, "height": 720, "tint": "#201018" },
                "backdrop": { "url": "/img/b", "width": 1280, "height": 720, "tint": "#201018" }
            },
            "added_at": "2026-11-01T00:00:00Z", "language": "en", "credits": [], "mood": "a member of a newer catalog"
        });
        let title: Title = serde_json::from_value(wire.clone()).expect("readable");
        assert_eq!(title.summary.name, "Lanterns");
        let mut written = serde_json::to_value(&title).expect("writable");
        written["mood"] = wire["mood"].clone();
        assert_eq!(written, wire);
    }
}
