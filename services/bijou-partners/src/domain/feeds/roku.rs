//! Roku's search feed, version 1: one list of assets with play options. Its countries and languages are lower-case.

use bijou_catalog_api::Kind;
use serde_json::{Value, json};

use super::json_rules::{Field, Shape, maybe, needed};
use super::{Entry, Part, Setting, Window};
use crate::domain::season::PartnerEpisode;
use crate::domain::title::PartnerTitle;

/// Roku's limit for names and for short descriptions, in characters.
const TEXT_MAX: usize = 200;

/// What Roku asks for (*Roku Search feed (JSON)* and its JSON schema). The list of genres is Roku's to say: a genre it does
/// not know is passed over there.
pub(super) const RULES: &[Field] = &[
    needed("version", Shape::Word(&["1"])),
    needed("defaultLanguage", Shape::Language),
    needed("defaultAvailabilityCountries", Shape::List(&Shape::Country { capitals: false })),
    needed("assets", Shape::Distinct("id", &ASSET)),
];

const ASSET: Shape =
    Shape::Kinds("type", &[("movie", TITLE), ("series", TITLE), ("season", SEASON), ("episode", EPISODE)]);

const TITLE: &[Field] = &[
    needed("id", Shape::Text(TEXT_MAX)),
    needed("titles", WORDS),
    needed("shortDescriptions", WORDS),
    needed("releaseYear", Shape::Year),
    needed("genres", Shape::List(&Shape::Text(TEXT_MAX))),
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

/// Without a year: when an episode was shown first is not known, and no year is made up.
const EPISODE: &[Field] = &[
    needed("id", Shape::Text(TEXT_MAX)),
    needed("titles", WORDS),
    needed("shortDescriptions", WORDS),
    needed("genres", Shape::List(&Shape::Text(TEXT_MAX))),
    needed("images", IMAGES),
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
]));

const CONTENT: Shape = Shape::Object(&[needed("playOptions", Shape::List(&Shape::Object(OPTION)))]);

const OPTION: &[Field] = &[
    needed("license", Shape::Word(&["free", "subscription", "rental", "purchase"])),
    needed("quality", Shape::Word(&["sd", "hd", "hd+", "fhd", "uhd"])),
    needed("playId", Shape::Text(TEXT_MAX)),
    maybe("availabilityStartTime", Shape::Time),
    maybe("availabilityEndTime", Shape::Time),
    maybe("availabilityInfo", Shape::Object(&[needed("country", Shape::List(&Shape::Country { capitals: false }))])),
];

const WORDS: Shape = Shape::List(&Shape::Object(&[
    needed("value", Shape::Text(TEXT_MAX)),
    maybe("languages", Shape::List(&Shape::Language)),
]));

pub(super) fn document(entries: &[Entry<'_>], setting: &Setting) -> String {
    let mut assets = Vec::new();
    for entry in entries {
        assets.push(title_asset(entry.title, entry.window, setting));
        for part in &entry.parts {
            assets.push(season_asset(part, entry.title, setting));
            assets.extend(part.episodes.iter().map(|episode| episode_asset(episode, entry, setting)));
        }
    }
    let feed = json!({
        "version": "1",
        "defaultLanguage": setting.language,
        "defaultAvailabilityCountries": [setting.territory.to_ascii_lowercase()],
        "assets": assets,
    });
    serde_json::to_string(&feed).expect("a value is JSON")
}

/// One way to play it. What Roku hands to our app there is the id, for titles and for episodes.
fn content(play_id: &str, window: Window, setting: &Setting) -> Value {
    let mut option = json!({
        "license": "subscription",
        "quality": "hd",
        "playId": play_id,
        "availabilityInfo": { "country": [setting.territory.to_ascii_lowercase()] },
    });
    if let Some(from) = window.from {
        option["availabilityStartTime"] = json!(from.to_string());
    }
    if let Some(until) = window.until {
        option["availabilityEndTime"] = json!(until.to_string());
    }
    json!({ "playOptions": [option] })
}

fn words(text: &str, setting: &Setting) -> Value {
    json!([{ "value": shortened(text), "languages": [setting.language] }])
}

fn genres(title: &PartnerTitle) -> Vec<String> {
    title.genres.iter().map(|genre| genre.to_lowercase()).collect()
}

fn title_asset(title: &PartnerTitle, window: Window, setting: &Setting) -> Value {
    let mut asset = json!({
        "id": title.id,
        "type": if title.kind == Kind::Show { "series" } else { "movie" },
        "titles": words(&title.name, setting),
        "releaseYear": title.year,
        "genres": genres(title),
        "images": [
            { "type": "background", "url": title.artwork.backdrop_url, "languages": [setting.language] },
            { "type": "main", "url": title.artwork.poster_url, "languages": [setting.language] },
        ],
        "content": content(&title.id, window, setting),
    });
    if let Some(synopsis) = &title.synopsis {
        asset["shortDescriptions"] = words(synopsis, setting);
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
        "titles": words(&part.name(show), setting),
        "seasonInfo": { "seriesId": show.id, "seasonNumber": season.number },
    });
    if let Some(synopsis) = &season.synopsis {
        asset["shortDescriptions"] = words(synopsis, setting);
    }
    asset
}

fn episode_asset(episode: &PartnerEpisode, entry: &Entry<'_>, setting: &Setting) -> Value {
    let mut asset = json!({
        "id": episode.id,
        "type": "episode",
        "titles": words(&episode.name, setting),
        "genres": genres(entry.title),
        "images": [{ "type": "main", "url": episode.artwork.url, "languages": [setting.language] }],
        "episodeInfo": { "seriesId": entry.title.id, "seasonNumber": episode.season, "episodeNumber": episode.number },
        "content": content(&episode.id, entry.window, setting),
    });
    if let Some(synopsis) = &episode.synopsis {
        asset["shortDescriptions"] = words(synopsis, setting);
    }
    if let Some(runtime_s) = episode.runtime_s {
        asset["durationInSeconds"] = json!(runtime_s);
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
    }

    #[test]
    fn long_words_are_cut_between_words() {
        assert_eq!(shortened("A girl looks for a dragon."), "A girl looks for a dragon.");
        let cut = shortened(&"dragon ".repeat(40));
        assert!(cut.chars().count() <= TEXT_MAX && cut.ends_with("dragon…"), "{cut}");
        assert!(shortened(&"é".repeat(300)).chars().count() <= TEXT_MAX);
    }
}
