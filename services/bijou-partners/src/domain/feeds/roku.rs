//! Roku's search feed, version 1: one list of assets with play options. Genres, languages and countries are words of closed
//! lists ([`words`]).
//!
//! Roku publishes a JSON schema (`rokudev/search-feed-json`), which `cargo xtask conformance feeds` holds the feed to. It is
//! not in this repository, for it comes without a licence, and leaves most fields to be left out; [`RULES`] are stricter.

mod words;

use std::collections::HashSet;

use bijou_catalog_api::Kind;
use serde_json::{Value, json};

use super::json_rules::{Field, Shape, maybe, needed};
use super::{Entry, Part, Setting, Window};
use crate::domain::season::PartnerEpisode;
use crate::domain::title::PartnerTitle;

/// Roku's limit for names and for short descriptions, in characters.
const TEXT_MAX: usize = 200;

/// What Roku asks for (*Roku Search feed (JSON)* and its JSON schema).
pub(super) const RULES: &[Field] = &[
    needed("version", Shape::Word(&["1"])),
    needed("defaultLanguage", LANGUAGE),
    maybe("defaultAvailabilityCountries", COUNTRIES),
    needed("assets", Shape::Distinct("id", &ASSET)),
];

const ASSET: Shape =
    Shape::Kinds("type", &[("movie", TITLE), ("series", TITLE), ("season", SEASON), ("episode", EPISODE)]);

const TITLE: &[Field] = &[
    needed("id", Shape::Text(TEXT_MAX)),
    needed("titles", WORDS),
    needed("shortDescriptions", WORDS),
    needed("releaseYear", Shape::Year),
    needed("genres", GENRES),
    needed("images", IMAGES),
    maybe("durationInSeconds", Shape::Count),
    needed("content", CONTENT),
];

const SEASON: &[Field] = &[
    needed("id", Shape::Text(TEXT_MAX)),
    needed("titles", WORDS),
    maybe("shortDescriptions", WORDS),
    needed(
        "seasonInfo",
        Shape::Object(&[needed("seriesId", Shape::Text(TEXT_MAX)), needed("seasonNumber", Shape::Number)]),
    ),
];

/// The day of its first showing and its year where they are known; none is made up.
const EPISODE: &[Field] = &[
    needed("id", Shape::Text(TEXT_MAX)),
    needed("titles", WORDS),
    needed("shortDescriptions", WORDS),
    needed("genres", GENRES),
    needed("images", IMAGES),
    maybe("releaseDate", Shape::Day),
    maybe("releaseYear", Shape::Year),
    maybe("durationInSeconds", Shape::Count),
    needed(
        "episodeInfo",
        Shape::Object(&[
            needed("seriesId", Shape::Text(TEXT_MAX)),
            needed("seasonNumber", Shape::Number),
            needed("episodeNumber", Shape::Number),
        ]),
    ),
    needed("content", CONTENT),
];

const IMAGES: Shape = Shape::List(&Shape::Object(&[
    needed("type", Shape::Word(&["main", "background", "keyart", "logo", "dark_logo", "hud_logo"])),
    needed("url", Shape::Address),
    maybe("languages", Shape::List(&LANGUAGE)),
]));

const CONTENT: Shape = Shape::Object(&[needed("playOptions", Shape::List(&Shape::Object(OPTION)))]);

const OPTION: &[Field] = &[
    needed("license", Shape::Word(&["free", "subscription", "rental", "purchase"])),
    needed("quality", Shape::Word(&["sd", "hd", "hd+", "fhd", "uhd"])),
    needed("playId", Shape::Text(TEXT_MAX)),
    maybe("availabilityStartTime", Shape::Time),
    maybe("availabilityEndTime", Shape::Time),
    maybe("availabilityInfo", Shape::Object(&[needed("country", COUNTRIES)])),
];

const WORDS: Shape =
    Shape::List(&Shape::Object(&[needed("value", Shape::Text(TEXT_MAX)), maybe("languages", Shape::List(&LANGUAGE))]));

const GENRES: Shape = Shape::List(&Shape::Known { what: "a genre of Roku's", is_known: words::is_genre });

const LANGUAGE: Shape = Shape::Known { what: "a language of Roku's", is_known: words::is_language };

const COUNTRIES: Shape = Shape::List(&Shape::Known { what: "a country of Roku's", is_known: words::is_country });

/// What keeps a title out of the feed.
pub(super) fn lacks(title: &PartnerTitle, setting: &Setting) -> Option<&'static str> {
    if words::country(&setting.territory).is_none() {
        Some("Roku has no search in that country")
    } else if title.synopsis.is_none() {
        Some(DESCRIPTION_MISSING)
    } else if genres(title).is_empty() {
        Some("none of its genres is one of Roku's")
    } else {
        None
    }
}

pub(super) const DESCRIPTION_MISSING: &str = "Roku wants a short description";

pub(super) fn document(entries: &[Entry<'_>], setting: &Setting) -> String {
    let mut assets = Vec::new();
    for entry in entries {
        assets.push(title_asset(entry.title, entry.window, setting));
        for part in &entry.parts {
            assets.push(season_asset(part, entry.title, setting));
            assets.extend(part.episodes.iter().map(|episode| episode_asset(episode, entry, setting)));
        }
    }
    let mut feed = json!({ "version": "1", "assets": assets });
    // Without either there is nothing to say there; that it has no language breaks the form, which is told.
    if let Some(language) = words::language(&setting.language) {
        feed["defaultLanguage"] = json!(language);
    }
    if let Some(country) = words::country(&setting.territory) {
        feed["defaultAvailabilityCountries"] = json!([country]);
    }
    serde_json::to_string(&feed).expect("a value is JSON")
}

/// One way to play it. What Roku hands to our app there is the id, for titles and for episodes.
fn content(play_id: &str, window: Window, setting: &Setting) -> Value {
    let mut option = json!({
        "license": "subscription",
        "quality": "hd",
        "playId": play_id,
        "availabilityInfo": { "country": words::country(&setting.territory).as_slice() },
    });
    if let Some(from) = window.from {
        option["availabilityStartTime"] = json!(from.to_string());
    }
    if let Some(until) = window.until {
        option["availabilityEndTime"] = json!(until.to_string());
    }
    json!({ "playOptions": [option] })
}

fn text(value: &str, setting: &Setting) -> Value {
    json!([in_its_language(json!({ "value": shortened(value) }), setting)])
}

fn image(kind: &str, url: &str, setting: &Setting) -> Value {
    in_its_language(json!({ "type": kind, "url": url }), setting)
}

fn in_its_language(mut value: Value, setting: &Setting) -> Value {
    if let Some(language) = words::language(&setting.language) {
        value["languages"] = json!([language]);
    }
    value
}

/// In Roku's words, each once.
fn genres(title: &PartnerTitle) -> Vec<&'static str> {
    let mut genres: Vec<_> = title.genre_ids.iter().filter_map(|id| words::genre(id)).collect();
    let mut seen = HashSet::new();
    genres.retain(|genre| seen.insert(*genre));
    genres
}

fn title_asset(title: &PartnerTitle, window: Window, setting: &Setting) -> Value {
    let mut asset = json!({
        "id": title.id,
        "type": if title.kind == Kind::Show { "series" } else { "movie" },
        "titles": text(&title.name, setting),
        "releaseYear": title.year,
        "genres": genres(title),
        "images": [
            image("background", &title.artwork.backdrop_url, setting),
            image("main", &title.artwork.poster_url, setting),
        ],
        "content": content(&title.id, window, setting),
    });
    if let Some(synopsis) = &title.synopsis {
        asset["shortDescriptions"] = text(synopsis, setting);
    }
    if let Some(runtime_s) = title.runtime_s {
        asset["durationInSeconds"] = json!(runtime_s);
    }
    asset
}

fn season_asset(part: &Part<'_>, show: &PartnerTitle, setting: &Setting) -> Value {
    let season = part.season;
    let mut asset = json!({
        "id": season.id,
        "type": "season",
        "titles": text(&part.name(show), setting),
        "seasonInfo": { "seriesId": show.id, "seasonNumber": season.number },
    });
    if let Some(synopsis) = &season.synopsis {
        asset["shortDescriptions"] = text(synopsis, setting);
    }
    asset
}

fn episode_asset(episode: &PartnerEpisode, entry: &Entry<'_>, setting: &Setting) -> Value {
    let mut asset = json!({
        "id": episode.id,
        "type": "episode",
        "titles": text(&episode.name, setting),
        "genres": genres(entry.title),
        "images": [image("main", &episode.artwork.url, setting)],
        "episodeInfo": { "seriesId": entry.title.id, "seasonNumber": episode.season, "episodeNumber": episode.number },
        "content": content(&episode.id, entry.window, setting),
    });
    if let Some(synopsis) = &episode.synopsis {
        asset["shortDescriptions"] = text(synopsis, setting);
    }
    if let Some(runtime_s) = episode.runtime_s {
        asset["durationInSeconds"] = json!(runtime_s);
    }
    if let Some(day) = episode.aired_on {
        asset["releaseDate"] = json!(day.to_string());
        asset["releaseYear"] = json!(day.year());
    }
    asset
}

/// As much as Roku takes: whole words, and a sign that there was more.
fn shortened(text: &str) -> String {
    if text.chars().count() <= TEXT_MAX {
        return text.to_owned();
    }
    let cut: String = text.chars().take(TEXT_MAX - 1).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::feeds::json_rules;
    use crate::domain::feeds::tests::{entry, setting, show, title};

    #[test]
    fn a_film_is_an_asset_with_one_way_to_play_it() {
        let sintel = title("sintel");
        let text = document(&[entry(&sintel, None)], &setting());
        let feed: Value = serde_json::from_str(&text).expect("JSON");
        let asset = &feed["assets"][0];
        assert_eq!((&asset["type"], &asset["releaseYear"]), (&json!("movie"), &json!(2010)));
        let option = &asset["content"]["playOptions"][0];
        assert_eq!((&option["playId"], &option["availabilityInfo"]["country"][0]), (&json!("sintel"), &json!("us")));
        assert!(option.get("availabilityEndTime").is_none());
    }

    #[test]
    fn a_show_is_a_series_with_seasons_and_episodes_of_its_own() {
        let lantern = show("lantern");
        let feed: Value = serde_json::from_str(&document(&[entry(&lantern, None)], &setting())).expect("JSON");
        let types: Vec<_> = feed["assets"].as_array().expect("a list").iter().map(|asset| &asset["type"]).collect();
        assert_eq!(types, ["series", "season", "episode"]);
        let season = &feed["assets"][1];
        assert_eq!(season["seasonInfo"], json!({ "seriesId": "lantern", "seasonNumber": 1 }));
        let episode = &feed["assets"][2];
        assert_eq!(episode["episodeInfo"], json!({ "seriesId": "lantern", "seasonNumber": 1, "episodeNumber": 2 }));
        assert_eq!(episode["content"]["playOptions"][0]["playId"], "lantern-1-2");
        assert_eq!((&episode["releaseDate"], &episode["releaseYear"]), (&json!("2026-05-08"), &json!(2026)));
    }

    #[test]
    fn what_roku_has_no_word_for_is_not_said() {
        let mut noir = title("noir");
        noir.genre_ids = ["night", "noir", "crime-drama", "silent"].map(str::to_owned).to_vec();
        let setting = Setting { language: "nl-NL".to_owned(), ..setting() };
        let feed: Value = serde_json::from_str(&document(&[entry(&noir, None)], &setting)).expect("JSON");
        let asset = &feed["assets"][0];
        assert_eq!(asset["genres"], json!(["crime drama"]));
        assert_eq!((&feed["defaultLanguage"], &asset["titles"][0]["languages"][0]), (&json!("nl"), &json!("nl")));
        assert_eq!(json_rules::check(&feed.to_string(), RULES), Ok(()));
    }

    #[test]
    fn a_word_outside_of_rokus_lists_breaks_the_form() {
        let sintel = title("sintel");
        let feed: Value = serde_json::from_str(&document(&[entry(&sintel, None)], &setting())).expect("JSON");
        for (place, word) in [
            ("/assets/0/genres/0", "noir"),
            ("/defaultLanguage", "en-US"),
            ("/assets/0/titles/0/languages/0", "EN"),
            ("/defaultAvailabilityCountries/0", "nl"),
            ("/assets/0/content/playOptions/0/availabilityInfo/country/0", "US"),
        ] {
            let mut broken = feed.clone();
            *broken.pointer_mut(place).expect(place) = json!(word);
            let mistake = json_rules::check(&broken.to_string(), RULES).expect_err(place).to_string();
            assert!(mistake.contains(place) && mistake.contains("of Roku's"), "{mistake}");
        }
    }

    #[test]
    fn nothing_goes_where_roku_has_no_search_or_no_word_for_it() {
        let (sintel, mut night) = (title("sintel"), title("night"));
        assert_eq!(lacks(&sintel, &setting()), None);
        night.genre_ids = vec!["night".to_owned()];
        assert_eq!(lacks(&night, &setting()), Some("none of its genres is one of Roku's"));
        let dutch = Setting { territory: "NL".to_owned(), ..setting() };
        assert_eq!(lacks(&sintel, &dutch), Some("Roku has no search in that country"));
        assert_eq!(json_rules::check(&document(&[], &dutch), RULES), Ok(()));
        let alemannic = Setting { language: "gsw".to_owned(), ..setting() };
        let mistake = json_rules::check(&document(&[entry(&sintel, None)], &alemannic), RULES);
        assert_eq!(mistake.expect_err("no language").to_string(), "`defaultLanguage` is missing in `the document`");
    }

    #[test]
    fn long_words_are_cut_between_words() {
        assert_eq!(shortened("A girl looks for a dragon."), "A girl looks for a dragon.");
        let cut = shortened(&"dragon ".repeat(40));
        assert!(cut.chars().count() <= TEXT_MAX && cut.ends_with("dragon…"), "{cut}");
        assert!(shortened(&"é".repeat(300)).chars().count() <= TEXT_MAX);
    }
}
