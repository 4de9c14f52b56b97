//! Feeds: the catalog in the forms that other people's stores, searches and launchers read.
//!
//! Each is a pure function from titles to a document. What a form cannot say is left out, never invented; what a form
//! demands and a title or an episode lacks keeps that out of it, counted. Shows come with their seasons and with the episodes
//! that can be played. Every form is held to rules ([`rules`] for XML, [`json_rules`]
//! for JSON) before it is served.

mod amazon;
mod apple;
mod google;
mod json_rules;
mod mrss;
mod roku;
mod rules;
mod xml;

use bijou_catalog_api::Kind;
use jiff::Timestamp;

use crate::domain::season::{PartnerEpisode, PartnerSeason};
use crate::domain::title::PartnerTitle;

pub(crate) use rules::Mistake;

/// A form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    Google,
    Amazon,
    Roku,
    Mrss,
    /// What there is, wherever it is offered.
    AppleCatalog,
    /// What of it is offered in one country.
    AppleAvailability,
}

/// What every form needs besides titles.
#[derive(Debug, Clone)]
pub(crate) struct Setting {
    /// The service's name, as viewers know it.
    pub(crate) provider: String,
    /// Where viewers reach the platform, without a slash at the end.
    pub(crate) base: String,
    /// ISO 3166-1 alpha-2.
    pub(crate) territory: String,
    /// BCP 47, of names and texts.
    pub(crate) language: String,
    pub(crate) apple: AppleIds,
    pub(crate) now: Timestamp,
}

/// What Apple calls the service; given by Apple, empty before.
#[derive(Debug, Clone, Default)]
pub(crate) struct AppleIds {
    pub(crate) team: String,
    pub(crate) catalog: String,
    pub(crate) service: String,
}

/// A title and when it last changed.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) title: PartnerTitle,
    pub(crate) changed: Timestamp,
}

/// A title that goes into a feed.
#[derive(Debug, Clone)]
struct Entry<'a> {
    title: &'a PartnerTitle,
    changed: Timestamp,
    window: Window,
    /// Seasons of which something goes in.
    parts: Vec<Part<'a>>,
}

/// What of a season goes into a feed.
#[derive(Debug, Clone)]
struct Part<'a> {
    season: &'a PartnerSeason,
    /// At least one.
    episodes: Vec<&'a PartnerEpisode>,
}

impl Part<'_> {
    /// What the season is called: its name, or its show's with its number, which needs no words of any language.
    fn name(&self, show: &PartnerTitle) -> String {
        self.season.name.clone().unwrap_or_else(|| format!("{} {}", show.name, self.season.number))
    }
}

/// A feed that was made.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Feed {
    pub(crate) document: String,
    /// Ids of the titles and episodes in it, sorted.
    pub(crate) ids: Vec<String>,
    /// Titles and episodes the form has no room for, with the reason.
    pub(crate) left_out: Vec<(String, &'static str)>,
}

impl Form {
    pub(crate) const ALL: [Self; 6] =
        [Self::Google, Self::Amazon, Self::Roku, Self::Mrss, Self::AppleCatalog, Self::AppleAvailability];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Amazon => "amazon",
            Self::Roku => "roku",
            Self::Mrss => "mrss",
            Self::AppleCatalog => "apple-catalog",
            Self::AppleAvailability => "apple-availability",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.as_str() == text)
    }

    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Google => "application/ld+json",
            Self::Amazon | Self::AppleCatalog | Self::AppleAvailability => "application/xml",
            Self::Roku => "application/json",
            Self::Mrss => "application/rss+xml",
        }
    }

    /// The feed of these titles. Only what can be played and is offered in the territory, now or later, goes in.
    pub(crate) fn make(self, titles: &[Listed], setting: &Setting) -> Feed {
        // Apple has one catalogue for all countries, and drops availability of what is not in it.
        let territory = (self != Self::AppleCatalog).then_some(setting.territory.as_str());
        let mut left_out = Vec::new();
        let mut entries = Vec::new();
        for Listed { title, changed } in titles {
            if !title.playable {
                left_out.push((title.id.clone(), "it cannot be played"));
                continue;
            }
            let Some(offers) = title.offers_in(territory, setting.now) else {
                left_out.push((title.id.clone(), "it is not offered there"));
                continue;
            };
            let window = Window {
                from: offers.iter().map(|offer| offer.from).min().flatten(),
                until: offers
                    .iter()
                    .map(|offer| offer.until)
                    .collect::<Option<Vec<_>>>()
                    .and_then(|all| all.into_iter().max()),
            };
            let parts = self.parts(title, &mut left_out);
            match self.lacks(title, &parts, setting) {
                Some(reason) => left_out.push((title.id.clone(), reason)),
                None => entries.push(Entry { title, changed: *changed, window, parts }),
            }
        }
        let document = match self {
            Self::Google => google::document(&entries, setting),
            Self::Amazon => amazon::document(&entries, setting),
            Self::Roku => roku::document(&entries, setting),
            Self::Mrss => mrss::document(&entries, setting),
            Self::AppleCatalog => apple::catalog(&entries, setting),
            Self::AppleAvailability => apple::availability(&entries, setting),
        };
        let mut ids = Vec::new();
        for entry in &entries {
            ids.push(entry.title.id.clone());
            ids.extend(entry.parts.iter().flat_map(|part| &part.episodes).map(|episode| episode.id.clone()));
        }
        ids.sort_unstable();
        Feed { document, ids, left_out }
    }

    /// Whether a document of this form keeps the form's rules.
    pub(crate) fn check(self, document: &str) -> Result<(), Mistake> {
        match self {
            Self::Amazon => rules::check(document, "Catalog", amazon::RULES),
            Self::Mrss => rules::check(document, "rss", mrss::RULES),
            Self::AppleCatalog => rules::check(document, "umcCatalog", apple::CATALOG_RULES),
            Self::AppleAvailability => rules::check(document, "umcAvailability", apple::AVAILABILITY_RULES),
            Self::Google => json_rules::check(document, google::RULES),
            Self::Roku => json_rules::check(document, roku::RULES),
        }
    }

    /// What of a show goes in. An episode that cannot be played is not left out but not there yet.
    fn parts<'a>(self, title: &'a PartnerTitle, left_out: &mut Vec<(String, &'static str)>) -> Vec<Part<'a>> {
        let mut parts = Vec::new();
        for season in &title.seasons {
            let mut episodes = Vec::new();
            for episode in season.episodes.iter().flatten().filter(|episode| episode.playable) {
                if self == Self::Roku && episode.synopsis.is_none() {
                    left_out.push((episode.id.clone(), roku::DESCRIPTION_MISSING));
                } else {
                    episodes.push(episode);
                }
            }
            if !episodes.is_empty() {
                parts.push(Part { season, episodes });
            }
        }
        parts
    }

    fn lacks(self, title: &PartnerTitle, parts: &[Part<'_>], setting: &Setting) -> Option<&'static str> {
        match self {
            Self::Roku => roku::lacks(title, setting),
            Self::AppleCatalog | Self::AppleAvailability if title.kind == Kind::Show && parts.is_empty() => {
                Some("Apple offers episodes, and none of it can be played")
            }
            _ => None,
        }
    }
}

/// From when until when; several offers of one country count as one from the first to the last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Window {
    from: Option<Timestamp>,
    until: Option<Timestamp>,
}

/// What came and went between two feeds: ids only in the second, ids only in the first. Both are sorted.
pub(crate) fn difference(before: &[String], after: &[String]) -> (usize, usize) {
    let only = |these: &[String], those: &[String]| these.iter().filter(|id| those.binary_search(id).is_err()).count();
    (only(after, before), only(before, after))
}

/// Whether a feed lost so much that somebody should look first: an empty list means "everything is gone" to some readers,
/// and the usual cause is a source that was away.
pub(crate) fn shrinks_too_much(before: usize, after: usize, percent_max: u8) -> bool {
    before > after && (before - after) * 100 > before * usize::from(percent_max)
}

#[cfg(test)]
pub(super) mod tests {
    use bijou_catalog_api::Offer;

    use super::*;
    use crate::domain::season::tests::partner_season;
    use crate::domain::title::{Links, PartnerArtwork};

    pub(in crate::domain) fn setting() -> Setting {
        Setting {
            provider: "Bijou".to_owned(),
            base: "https://films.example".to_owned(),
            territory: "US".to_owned(),
            language: "en".to_owned(),
            apple: AppleIds {
                team: "TEAM".to_owned(),
                catalog: "example.films".to_owned(),
                service: "example.films.all".to_owned(),
            },
            now: "2027-01-15T08:00:00Z".parse().expect("a time"),
        }
    }

    pub(in crate::domain) fn title(id: &str) -> PartnerTitle {
        PartnerTitle {
            id: id.to_owned(),
            kind: Kind::Movie,
            name: format!("The \"{id}\" & <others>"),
            year: 2010,
            genres: vec!["Drama".to_owned()],
            genre_ids: vec!["drama".to_owned()],
            certification_age: 12,
            runtime_s: Some(888),
            synopsis: Some("A girl looks for a dragon.".to_owned()),
            playable: true,
            artwork: PartnerArtwork {
                poster_url: format!("https://films.example/img/{id}/poster/w480/x.jpg"),
                backdrop_url: format!("https://films.example/img/{id}/backdrop/w1280/x.jpg"),
            },
            offers: Vec::new(),
            added_at: "2026-11-01T00:00:00Z".parse().expect("a time"),
            links: Links {
                page: format!("https://films.example/title/{id}"),
                play: format!("https://films.example/watch/{id}"),
            },
            seasons: Vec::new(),
        }
    }

    /// A show of one season with two episodes, of which the second can be played.
    pub(in crate::domain) fn show(id: &str) -> PartnerTitle {
        PartnerTitle { kind: Kind::Show, runtime_s: None, seasons: vec![partner_season(id, 1)], ..title(id) }
    }

    /// A title as a form gets it.
    pub(super) fn entry<'a>(title: &'a PartnerTitle, until: Option<&str>) -> Entry<'a> {
        let until = until.map(|time| time.parse().expect("a time"));
        let parts = Form::Google.parts(title, &mut Vec::new());
        Entry { title, changed: CHANGED.parse().expect("a time"), window: Window { from: None, until }, parts }
    }

    const CHANGED: &str = "2027-01-10T12:00:00Z";

    fn listed(titles: &[PartnerTitle]) -> Vec<Listed> {
        let changed = CHANGED.parse().expect("a time");
        titles.iter().map(|title| Listed { title: title.clone(), changed }).collect()
    }

    fn offer(territory: &str, until: Option<&str>) -> Offer {
        Offer { territory: territory.to_owned(), from: None, until: until.map(|time| time.parse().expect("a time")) }
    }

    #[test]
    fn only_what_can_be_had_there_is_in_a_feed() {
        let mut silent = title("silent");
        silent.playable = false;
        let mut german = title("german");
        german.offers = vec![offer("DE", None)];
        let mut over = title("over");
        over.offers = vec![offer("US", Some("2026-12-31T00:00:00Z"))];
        let mut bare = title("bare");
        bare.synopsis = None;
        for form in Form::ALL {
            let titles = [title("sintel"), silent.clone(), german.clone(), over.clone(), bare.clone()];
            let feed = form.make(&listed(&titles), &setting());
            let expected: &[&str] = match form {
                Form::Roku => &["sintel"],
                Form::AppleCatalog => &["bare", "german", "sintel"],
                _ => &["bare", "sintel"],
            };
            assert_eq!(feed.ids, expected, "{form:?}");
            assert_eq!(feed.left_out.len(), titles.len() - feed.ids.len());
            assert_eq!(form.check(&feed.document), Ok(()), "{form:?}");
        }
    }

    #[test]
    fn a_show_comes_with_what_of_it_can_be_played() {
        let mut silent = show("silent");
        let episodes = silent.seasons[0].episodes.as_mut().expect("its episodes");
        episodes[1].synopsis = None;
        for form in Form::ALL {
            let feed = form.make(&listed(&[show("lantern"), silent.clone()]), &setting());
            let expected: &[&str] = match form {
                Form::Roku => &["lantern", "lantern-1-2", "silent"],
                _ => &["lantern", "lantern-1-2", "silent", "silent-1-2"],
            };
            assert_eq!(feed.ids, expected, "{form:?}");
            assert_eq!(form.check(&feed.document), Ok(()), "{form:?} {}", feed.document);
            if form != Form::AppleCatalog {
                let link = "https://films.example/watch/lantern/lantern-1-2";
                let expected = if form == Form::Roku { "\"playId\":\"lantern-1-2\"" } else { link };
                assert!(feed.document.contains(expected), "{form:?} {}", feed.document);
            }
            assert!(!feed.document.contains("lantern-1-1"), "what cannot be played is not there: {form:?}");
        }
        let mut empty = show("empty");
        empty.seasons.clear();
        let feed = Form::AppleAvailability.make(&listed(&[empty]), &setting());
        assert_eq!(feed.left_out, [("empty".to_owned(), "Apple offers episodes, and none of it can be played")]);
    }

    #[test]
    fn a_value_that_a_reader_would_refuse_breaks_its_form() {
        let bare = |change: fn(&mut PartnerTitle)| {
            let mut changed = title("sintel");
            change(&mut changed);
            [changed]
        };
        for (form, titles) in [
            (Form::Google, bare(|title| title.links.play = "/watch/sintel".to_owned())),
            (Form::Google, bare(|title| title.name = String::new())),
            (Form::Roku, bare(|title| title.year = 10)),
            (Form::Roku, bare(|title| title.artwork.poster_url = "sintel.jpg".to_owned())),
        ] {
            let feed = form.make(&listed(&titles), &setting());
            assert!(matches!(form.check(&feed.document), Err(Mistake::Value { .. })), "{form:?} {}", feed.document);
        }
    }

    #[test]
    fn an_empty_catalog_makes_a_well_formed_feed() {
        for form in Form::ALL {
            let feed = form.make(&[], &setting());
            assert!(feed.ids.is_empty() && !feed.document.is_empty(), "{form:?}");
            assert_eq!(form.check(&feed.document), Ok(()), "{form:?}");
        }
    }

    #[test]
    fn a_feed_that_loses_much_is_noticed() {
        assert!(!shrinks_too_much(0, 0, 20));
        assert!(!shrinks_too_much(100, 80, 20));
        assert!(shrinks_too_much(100, 79, 20));
        assert!(shrinks_too_much(3, 0, 20));
        assert!(!shrinks_too_much(3, 9, 0));
        let ids = |list: &[&str]| list.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        assert_eq!(difference(&ids(&["a", "b"]), &ids(&["b", "c", "d"])), (2, 1));
    }
}
