//! Roku's search feed, version 1: one list of assets with play options. Its countries and languages are lower-case.

use bijou_catalog_api::Kind;
use serde_json::{Value, json};

use super::{Entry, Setting, Window};
use crate::domain::title::PartnerTitle;

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
        "titles": [{ "value": title.name, "languages": [setting.language] }],
        "releaseYear": title.year,
        "genres": title.genres.iter().map(|genre| genre.to_lowercase()).collect::<Vec<_>>(),
        "images": [
            { "type": "main", "url": title.artwork.backdrop_url, "languages": [setting.language] },
            { "type": "poster", "url": title.artwork.poster_url, "languages": [setting.language] },
        ],
        "content": { "playOptions": [option] },
    });
    if let Some(synopsis) = &title.synopsis {
        asset["shortDescriptions"] = json!([{ "value": synopsis, "languages": [setting.language] }]);
    }
    if let Some(runtime_s) = title.runtime_s {
        asset["durationInSeconds"] = json!(runtime_s);
    }
    asset
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
}
