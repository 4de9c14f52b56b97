//! A title as partners see it: the catalog's facts with whole addresses, and the links that lead into our apps.

use bijou_catalog_api::{Kind, Offer};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::season::{Known, PartnerSeason};

/// A title with everything a launcher needs to show it and to open it. Where `fields` was sent, only `id` and what it
/// names is there.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = PartnersTitle)]
pub(crate) struct PartnerTitle {
    pub(crate) id: String,
    #[schema(required = false)]
    pub(crate) kind: Kind,
    #[schema(required = false)]
    pub(crate) name: String,
    /// Of the first release.
    #[schema(required = false)]
    pub(crate) year: i32,
    #[schema(required = false)]
    pub(crate) genres: Vec<String>,
    /// The same by their ids, which no language changes: forms with words of their own go by them.
    #[serde(skip)]
    pub(crate) genre_ids: Vec<String>,
    /// From what age on, 0 for everyone.
    #[schema(required = false)]
    pub(crate) certification_age: u8,
    /// In seconds; absent on shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) runtime_s: Option<u32>,
    /// One or two sentences.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) synopsis: Option<String>,
    /// Whether it can be played now.
    #[schema(required = false)]
    pub(crate) playable: bool,
    #[schema(required = false)]
    pub(crate) artwork: PartnerArtwork,
    /// Where and when it is offered; absent: everywhere and always.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) offers: Vec<Offer>,
    #[schema(value_type = String, format = DateTime, required = false)]
    pub(crate) added_at: Timestamp,
    #[schema(required = false)]
    pub(crate) links: Links,
    /// What is in a show, by number, with the episodes; absent on films.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) seasons: Vec<PartnerSeason>,
}

/// Whole addresses of images; their bytes never change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PartnersArtwork)]
pub(crate) struct PartnerArtwork {
    /// 2:3.
    pub(crate) poster_url: String,
    /// 16:9.
    pub(crate) backdrop_url: String,
}

/// Deep links.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PartnersLinks)]
pub(crate) struct Links {
    /// The title's page.
    #[schema(example = "https://films.example.org/title/sintel")]
    pub(crate) page: String,
    /// Straight into playback, after a sign-in where there is none.
    #[schema(example = "https://films.example.org/watch/sintel")]
    pub(crate) play: String,
}

impl PartnerTitle {
    /// `base`: where viewers reach the platform, without a slash at the end.
    pub(crate) fn of(known: Known, base: &str) -> Self {
        let Known { summary: title, seasons } = known;
        // Ids are lower-case words with hyphens: they stand in a path as they are.
        let links = Links { page: format!("{base}/title/{}", title.id), play: format!("{base}/watch/{}", title.id) };
        let season = |season| PartnerSeason::of(season, &links, &title.offers, base);
        let seasons = seasons.into_iter().map(season).collect();
        Self {
            links,
            seasons,
            kind: title.kind,
            name: title.name,
            year: title.year,
            genre_ids: title.genres.iter().map(|genre| genre.id.clone()).collect(),
            genres: title.genres.into_iter().map(|genre| genre.name).collect(),
            certification_age: title.certification_age,
            runtime_s: title.runtime_s,
            synopsis: title.synopsis_short,
            playable: title.playable,
            artwork: PartnerArtwork {
                poster_url: format!("{base}{}", title.artwork.poster.url),
                backdrop_url: format!("{base}{}", title.artwork.backdrop.url),
            },
            offers: title.offers,
            added_at: title.added_at,
            id: title.id,
        }
    }

    /// The offers that count in a country, or in any where none is named. `None`: it is not offered there at any time to
    /// come.
    pub(crate) fn offers_in(&self, territory: Option<&str>, now: Timestamp) -> Option<Vec<&Offer>> {
        if self.offers.is_empty() {
            return Some(Vec::new());
        }
        let to_come = |offer: &&Offer| {
            territory.is_none_or(|territory| offer.territory.eq_ignore_ascii_case(territory))
                && offer.until.is_none_or(|until| until > now)
        };
        let offers: Vec<_> = self.offers.iter().filter(to_come).collect();
        (!offers.is_empty()).then_some(offers)
    }
}
