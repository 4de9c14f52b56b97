//! A title as it is stored: one JSON document with everything the catalog itself knows about it.
//!
//! A document is read whole, compared whole (imports show what would change) and replaced whole; the columns beside it
//! (`store.rs`) exist for filtering and ordering only. Its form may grow; members are never renamed, since documents of
//! older versions stay where they are. What others tell us (playable, artwork) is kept apart: an import must not undo it.

use std::collections::BTreeMap;

use bijou_catalog_api::{CreditRole, Kind, License, Offer};
use serde::{Deserialize, Serialize};

/// Texts by BCP 47 tag.
pub type ByLanguage = BTreeMap<String, Texts>;

/// A title.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    pub id: String,
    pub kind: Kind,
    pub year: i32,
    pub certification_age: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime_s: Option<u32>,
    /// Ids of genres, most telling first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub genres: Vec<String>,
    /// How it feels, in words of its own language: `tender`, `edge of the seat`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moods: Vec<String>,
    /// The language of the texts everybody gets who asked for none of the others; always among `texts`.
    pub language: String,
    pub texts: ByLanguage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_language: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_name: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credits: Vec<Credit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<License>,
    /// Of a show, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seasons: Vec<Season>,
    /// The picture a printed poster is built around; chosen by the name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub motif: Option<String>,
    /// Where and when it is offered; everywhere and always when there is none. Times are whole milliseconds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer>,
    /// How many people care for it elsewhere, as whoever imports it counts; it decides among titles a search finds alike.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub popularity: u32,
}

/// The texts of one language.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Texts {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synopsis_short: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub synopsis: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tagline: Option<String>,
}

/// One line of the credits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Credit {
    pub person: String,
    pub name: String,
    pub role: CreditRole,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub character: Option<String>,
}

/// A season of a show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Season {
    pub id: String,
    pub number: u32,
    /// In the show's languages; a season needs no name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: ByLanguage,
    pub episodes: Vec<Episode>,
}

/// An episode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Episode {
    pub id: String,
    pub number: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime_s: Option<u32>,
    /// The day it was shown first, anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aired_on: Option<jiff::civil::Date>,
    pub texts: ByLanguage,
}

/// Where in a show an episode is.
#[derive(Debug, Clone, Copy)]
pub struct EpisodePlace<'a> {
    pub season: &'a Season,
    pub episode: &'a Episode,
}

impl<'a> EpisodePlace<'a> {
    /// The place of the episode after this one: seasons and episodes are in the order of their numbers.
    pub fn next(&self, show: &'a Document) -> Option<EpisodePlace<'a>> {
        show.episodes().skip_while(|place| place.episode.id != self.episode.id).nth(1)
    }
}

impl Document {
    /// All episodes with their seasons, in order.
    pub fn episodes(&self) -> impl Iterator<Item = EpisodePlace<'_>> {
        self.seasons
            .iter()
            .flat_map(|season| season.episodes.iter().map(move |episode| EpisodePlace { season, episode }))
    }

    /// The texts in the title's own language.
    pub fn own_texts(&self) -> &Texts {
        self.texts.get(&self.language).or_else(|| self.texts.values().next()).unwrap_or(&NO_TEXTS)
    }

    /// The name in the title's own language.
    pub fn name(&self) -> &str {
        &self.own_texts().name
    }

    /// Names of those who did something for the title, in the order of the credits.
    pub fn people_as(&self, role: CreditRole) -> impl Iterator<Item = &str> {
        self.credits.iter().filter(move |credit| credit.role == role).map(|credit| credit.name.as_str())
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

static NO_TEXTS: Texts = Texts { name: String::new(), synopsis_short: None, synopsis: None, tagline: None };
