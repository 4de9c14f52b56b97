//! Roku's search feed, version 1: one list of assets with play options. Its countries and languages are lower-case.

use bijou_catalog_api::Kind;
use serde_json::{Value, json};

use super::json_rules::{Field, Shape, maybe, needed};
use super::{Entry, Setting, Window};
use crate::domain::title::PartnerTitle;

/// Roku's limit for names and for short descriptions, in characters.
const TEXT_MAX: usize = 200;

/// What Roku asks for (*Roku Search feed (JSON)* and its JSON schema). The list of genres is Roku's to say: a genre it does
/// not know is passed over there.
pub(super) const RULES: &[Field] = &[
    needed("version", Shape::Word(&["1"])),
    needed("defaultLanguage", Shape::Language),
    needed("defaultAvailabilityCountries", Shape::List(&Shape::Country { capitals: false })),
    needed("assets", Shape::Distinct("id", &Shape::Object(ASSET))),
];

const ASSET: &[Field] = &[
    needed("id", Shape::Text(TEXT_MAX)),
    needed("type", Shape::Word(&["movie", "series"])),
    needed("titles", WORDS),
    needed("shortDescriptions", WORDS),
    needed("releaseYear", Shape::Year),
    needed("genres", Shape::List(&Shape::Text(TEXT_MAX))),
    needed(
        "images",
        Shape::List(&Shape::Object(&[
            needed("type", Shape::Word(&["main", "background", "keyart", "logo", "dark_logo", "hud_logo"])),
            needed("url", Shape::Address),
        ])),
    ),
    maybe("durationInSeconds", Shape::Count),
    needed("content", Shape::Object(&[needed("playOptions", Shape::List(&Shape::Object(OPTION)))])),
];

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
    let assets: Vec<_> = entries.iter().map(|entry| asset(entry.title, entry.window, setting)).collect();
    let feed = json!({
        "version": "1",
        "defaultLanguage": setting.language,
        "defaultAvailabilityCountries": [setting.territory.to_ascii_lowercase()],
        "assets": assets,
    });
    serde_json::to_string(&feed).expect("a value is JSON")
}

fn asset(title: &PartnerTitle, window: Window, setting: &Setting) -> Value {
    let mut option = json!({
        "license": "subscription",
        "quality": "hd",
        "playId": title.id,
        "availabilityInfo": { "country": [setting.territory.to_ascii_lowercase()] },
    });
    if let Some(from) = window.from {
        option["availabilityStartTime"] = json!(from.to_string());
    }
    if let Some(until) = window.until {
        option["availabilityEndTime"] = json!(until.to_string());
    }
    let mut asset = json!({
        "id": title.id,
        "type": if title.kind == Kind::Show { "series" } else { "movie" },
        "titles": [{ "value": shortened(&title.name), "languages": [setting.language] }],
        "releaseYear": title.year,
        "genres": title.genres.iter().map(|genre| genre.to_lowercase()).collect::<Vec<_>>(),
        "images": [
            { "type": "background", "url": title.artwork.backdrop_url, "languages": [setting.language] },
            { "type": "main", "url": title.artwork.poster_url, "languages": [setting.language] },
        ],
        "content": { "playOptions": [option] },
    });
    if let Some(synopsis) = &title.synopsis {
        asset["shortDescriptions"] = json!([{ "value": shortened(synopsis), "languages": [setting.language] }]);
    }
    if let Some(runtime_s) = title.runtime_s {
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
    use crate::domain::feeds::tests::{entry, setting, title};

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
    fn long_words_are_cut_between_words() {
        assert_eq!(shortened("A girl looks for a dragon."), "A girl looks for a dragon.");
        let cut = shortened(&"dragon ".repeat(40));
        assert!(cut.chars().count() <= TEXT_MAX && cut.ends_with("dragon…"), "{cut}");
        assert!(shortened(&"é".repeat(300)).chars().count() <= TEXT_MAX);
    }
}
