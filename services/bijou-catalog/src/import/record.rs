//! The forms a file may have: what one line says, before anything is believed of it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use bijou_catalog_api::{CreditRole, Kind, License};
use serde::Deserialize;

/// A genre and what it is called.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenreRecord {
    /// Always `genre`.
    #[serde(rename = "type")]
    pub type_: String,
    pub id: String,
    /// By BCP 47 tag.
    pub names: BTreeMap<String, String>,
}

/// A title.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TitleRecord {
    /// `title`, or absent.
    #[serde(rename = "type")]
    pub type_: Option<String>,
    /// Made of name and year when absent.
    pub id: Option<String>,
    pub kind: Option<Kind>,
    pub name: Option<String>,
    /// The language of name and texts, BCP 47; `en` when absent.
    pub language: Option<String>,
    pub year: Option<i32>,
    /// Names or ids.
    pub genres: Vec<String>,
    /// How it feels, in words.
    pub moods: Vec<String>,
    pub runtime_s: Option<u32>,
    /// `"FSK 12"`, `"PG-13"`, or an age.
    pub certification: Option<Certification>,
    pub synopsis_short: Option<String>,
    pub synopsis: Option<String>,
    pub tagline: Option<String>,
    /// By BCP 47 tag.
    pub translations: BTreeMap<String, TextsRecord>,
    pub original_language: Option<String>,
    pub original_name: Option<String>,
    pub credits: Vec<CreditRecord>,
    pub attribution: Option<String>,
    pub license: Option<License>,
    pub seasons: Vec<SeasonRecord>,
    pub artwork: ArtworkRecord,
    pub motif: Option<String>,
    /// Where and when it is offered; everywhere and always when there is none.
    pub offers: Vec<OfferRecord>,
    /// How many people care for it elsewhere: votes, viewers. Only compared.
    pub popularity: Option<u32>,
    pub added_at: Option<jiff::Timestamp>,
    /// Takes the title of this id out of the catalog.
    pub withdrawn: bool,
}

/// A country and a time in it. Times are RFC 3339, or a day, which begins at midnight UTC.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferRecord {
    pub territory: String,
    /// The first moment.
    #[serde(default)]
    pub from: Option<String>,
    /// The first moment after it.
    #[serde(default)]
    pub until: Option<String>,
}

/// A rating by name, or an age.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Certification {
    Age(u8),
    Rating(String),
}

/// Texts in one language.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TextsRecord {
    pub name: Option<String>,
    pub synopsis_short: Option<String>,
    pub synopsis: Option<String>,
    pub tagline: Option<String>,
}

/// One line of the credits.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditRecord {
    pub name: String,
    pub role: CreditRole,
    #[serde(default)]
    pub character: Option<String>,
    /// Tells two people of one name apart; made of the name when absent.
    #[serde(default)]
    pub person_id: Option<String>,
}

/// A season.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeasonRecord {
    /// `<show>-s<number>` when absent.
    #[serde(default)]
    pub id: Option<String>,
    pub number: u32,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub synopsis: Option<String>,
    #[serde(default)]
    pub translations: BTreeMap<String, TextsRecord>,
    pub episodes: Vec<EpisodeRecord>,
}

/// An episode.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpisodeRecord {
    /// `<season>e<number>` when absent.
    #[serde(default)]
    pub id: Option<String>,
    pub number: u32,
    pub name: String,
    #[serde(default)]
    pub synopsis: Option<String>,
    #[serde(default)]
    pub runtime_s: Option<u32>,
    /// The day it was shown first, anywhere: `2026-05-01`.
    #[serde(default)]
    pub aired_on: Option<String>,
    #[serde(default)]
    pub translations: BTreeMap<String, TextsRecord>,
}

/// Pictures, as paths from the file's own folder.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ArtworkRecord {
    pub poster: Option<PathBuf>,
    pub backdrop: Option<PathBuf>,
}
