//! What is in a show, as the catalog told it and as partners see it: seasons with their episodes, each with the offers of its
//! show and with links of its own.

use bijou_catalog_api::{Episode, Image, Offer, Season, TitleSummary};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::title::Links;

/// A title as the catalog told it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known {
    pub(crate) summary: TitleSummary,
    /// What is in it, by number; nothing in a film.
    pub(crate) seasons: Vec<KnownSeason>,
}

/// A season as the catalog told it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct KnownSeason {
    #[serde(flatten)]
    pub(crate) season: Season,
    /// By number.
    pub(crate) episodes: Vec<Episode>,
}

/// A season of a show.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = PartnersSeason)]
pub(crate) struct PartnerSeason {
    pub(crate) id: String,
    pub(crate) show_id: String,
    pub(crate) number: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) synopsis: Option<String>,
    pub(crate) episode_count: u32,
    /// `play`: its first episode that can be played.
    pub(crate) links: Links,
    /// By number; not in lists of seasons, which have an operation of their own for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) episodes: Option<Vec<PartnerEpisode>>,
}

/// An episode of a season.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = PartnersEpisode)]
pub(crate) struct PartnerEpisode {
    pub(crate) id: String,
    pub(crate) season_id: String,
    pub(crate) show_id: String,
    /// The season's number.
    pub(crate) season: u32,
    /// In its season.
    pub(crate) number: u32,
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) synopsis: Option<String>,
    /// In seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) runtime_s: Option<u32>,
    /// The day it was shown first, anywhere; absent where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false, example = "2026-05-01")]
    pub(crate) aired_on: Option<jiff::civil::Date>,
    /// Whether it can be played now.
    pub(crate) playable: bool,
    /// A still, or the show's backdrop; with its whole address.
    pub(crate) artwork: Image,
    /// Where and when it is offered, which is where and when its show is; absent: everywhere and always.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) offers: Vec<Offer>,
    /// `page`: the show's.
    pub(crate) links: Links,
}

impl PartnerSeason {
    /// `show`: the show's own links. `base`: where viewers reach the platform.
    pub(crate) fn of(known: KnownSeason, show: &Links, offers: &[Offer], base: &str) -> Self {
        let KnownSeason { season, episodes } = known;
        let number = season.number;
        let episodes: Vec<_> =
            episodes.into_iter().map(|episode| PartnerEpisode::of(episode, number, show, offers, base)).collect();
        let first = episodes.iter().find(|episode| episode.playable).map(|episode| episode.links.play.clone());
        Self {
            id: season.id,
            show_id: season.show_id,
            number,
            name: season.name,
            synopsis: season.synopsis,
            episode_count: season.episode_count,
            links: Links { page: show.page.clone(), play: first.unwrap_or_else(|| show.play.clone()) },
            episodes: Some(episodes),
        }
    }

    /// Without its episodes.
    pub(crate) fn bare(self) -> Self {
        Self { episodes: None, ..self }
    }
}

impl PartnerEpisode {
    fn of(episode: Episode, season: u32, show: &Links, offers: &[Offer], base: &str) -> Self {
        // Ids stand in a path as they are, as those of titles do.
        let links = Links { page: show.page.clone(), play: format!("{}/{}", show.play, episode.id) };
        let url = format!("{base}{}", episode.artwork.url);
        Self {
            links,
            season,
            artwork: Image { url, ..episode.artwork },
            offers: offers.to_vec(),
            id: episode.id,
            season_id: episode.season_id,
            show_id: episode.show_id,
            number: episode.number,
            name: episode.name,
            synopsis: episode.synopsis,
            runtime_s: episode.runtime_s,
            aired_on: episode.aired_on,
            playable: episode.playable,
        }
    }
}

#[cfg(test)]
pub(in crate::domain) mod tests {
    use serde_json::json;

    use super::*;

    /// Two episodes, of which the second can be played and has the day it was shown first.
    pub(in crate::domain) fn season(show: &str, number: u32) -> KnownSeason {
        let episode = |nth: u32| {
            let mut episode = json!({
                "id": format!("{show}-{number}-{nth}"), "season_id": format!("{show}-{number}"), "show_id": show,
                "number": nth, "name": format!("Part {nth}"), "synopsis": "The light goes on.", "runtime_s": 1_440,
                "playable": nth == 2,
                "artwork": { "url": format!("/img/{show}/still/x.jpg"), "width": 640, "height": 360, "tint": "#221122" },
            });
            if nth == 2 {
                episode["aired_on"] = json!("2026-05-08");
            }
            episode
        };
        let season = json!({
            "id": format!("{show}-{number}"), "show_id": show, "number": number, "episode_count": 2,
            "episodes": [episode(1), episode(2)],
        });
        serde_json::from_value(season).expect("a season")
    }

    pub(in crate::domain) fn partner_season(show: &str, number: u32) -> PartnerSeason {
        let base = "https://films.example";
        let links = Links { page: format!("{base}/title/{show}"), play: format!("{base}/watch/{show}") };
        PartnerSeason::of(season(show, number), &links, &[], base)
    }

    #[test]
    fn a_season_leads_to_what_of_it_can_be_played() {
        let made = partner_season("lantern", 1);
        assert_eq!(made.links.page, "https://films.example/title/lantern");
        assert_eq!(made.links.play, "https://films.example/watch/lantern/lantern-1-2");
        let episode = &made.episodes.as_ref().expect("its episodes")[0];
        assert_eq!((episode.season, episode.number), (1, 1));
        assert_eq!(episode.links.play, "https://films.example/watch/lantern/lantern-1-1");
        assert_eq!(episode.artwork.url, "https://films.example/img/lantern/still/x.jpg");
        assert_eq!(made.bare().episodes, None);
    }

    #[test]
    fn what_the_catalog_told_is_kept_as_it_was() {
        let known = season("lantern", 2);
        let text = serde_json::to_string(&known).expect("JSON");
        assert_eq!(serde_json::from_str::<KnownSeason>(&text).expect("the same"), known);
    }
}
