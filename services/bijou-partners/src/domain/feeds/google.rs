//! Google's Media Actions: a schema.org `DataFeed` in JSON-LD, each title with a `WatchAction`.

use bijou_catalog_api::Kind;
use serde_json::{Value, json};

use super::json_rules::{Field, Shape, maybe, needed};
use super::{Entry, Part, Setting};
use crate::domain::season::PartnerEpisode;
use crate::domain::title::PartnerTitle;

const PLATFORMS: [&str; 4] = [
    "http://schema.org/DesktopWebPlatform",
    "http://schema.org/MobileWebPlatform",
    "http://schema.org/AndroidTVPlatform",
    "http://schema.org/IOSPlatform",
];

/// Google demands an end of everything: what has none ends when nobody reads this feed any more.
const OPEN_END: &str = "2099-12-31T23:59:59Z";

/// What Google's reference asks for (Media Actions: *Feed structure overview*, *Watch Actions' common properties*, *Movie*
/// *TVSeries*, *TVSeason* and *TVEpisode specification*).
pub(super) const RULES: &[Field] = &[
    needed("@context", Shape::Word(&["http://schema.org"])),
    needed("@type", Shape::Word(&["DataFeed"])),
    needed("dateModified", Shape::Time),
    needed("dataFeedElement", Shape::Distinct("@id", &ENTITY)),
];

const ENTITY: Shape =
    Shape::Kinds("@type", &[("Movie", TITLE), ("TVSeries", TITLE), ("TVSeason", SEASON), ("TVEpisode", EPISODE)]);

const TITLE: &[Field] = &[
    needed("@id", Shape::Address),
    needed("url", Shape::Address),
    needed("name", Shape::Text(500)),
    maybe("description", Shape::Text(5_000)),
    maybe("image", IMAGES),
    needed(
        "releasedEvent",
        Shape::Object(&[
            needed("@type", Shape::Word(&["PublicationEvent"])),
            needed("startDate", Shape::Year),
            needed("location", COUNTRY),
        ]),
    ),
    needed("potentialAction", ACTION),
];

const SEASON: &[Field] = &[
    needed("@id", Shape::Address),
    needed("url", Shape::Address),
    needed("name", Shape::Text(500)),
    needed("seasonNumber", Shape::Number),
    needed("partOfSeries", SERIES),
    maybe("description", Shape::Text(5_000)),
    needed("potentialAction", ACTION),
];

/// `datePublished` and not `releasedEvent`, which would have to say where: in which country an episode was shown first is not
/// known, and none is made up.
const EPISODE: &[Field] = &[
    needed("@id", Shape::Address),
    needed("url", Shape::Address),
    needed("name", Shape::Text(500)),
    needed("episodeNumber", Shape::Number),
    needed(
        "partOfSeason",
        Shape::Object(&[
            needed("@type", Shape::Word(&["TVSeason"])),
            needed("@id", Shape::Address),
            needed("seasonNumber", Shape::Number),
        ]),
    ),
    needed("partOfSeries", SERIES),
    maybe("description", Shape::Text(5_000)),
    maybe("image", IMAGES),
    maybe("datePublished", Shape::Day),
    needed("potentialAction", ACTION),
];

const SERIES: Shape = Shape::Object(&[
    needed("@type", Shape::Word(&["TVSeries"])),
    needed("@id", Shape::Address),
    needed("name", Shape::Text(500)),
]);

const IMAGES: Shape = Shape::List(&Shape::Object(&[
    needed("@type", Shape::Word(&["ImageObject"])),
    needed("contentUrl", Shape::Address),
]));

const ACTION: Shape = Shape::Object(&[
    needed("@type", Shape::Word(&["WatchAction"])),
    needed(
        "target",
        Shape::Object(&[
            needed("@type", Shape::Word(&["EntryPoint"])),
            needed("urlTemplate", Shape::Address),
            maybe("inLanguage", Shape::Language),
            needed("actionPlatform", Shape::List(&Shape::Word(&PLATFORMS))),
        ]),
    ),
    needed("actionAccessibilityRequirement", Shape::Object(ACCESS)),
]);

const ACCESS: &[Field] = &[
    needed("@type", Shape::Word(&["ActionAccessSpecification"])),
    needed(
        "category",
        Shape::Word(&["nologinrequired", "free", "subscription", "externalsubscription", "rental", "purchase"]),
    ),
    needed("availabilityStarts", Shape::Time),
    needed("availabilityEnds", Shape::Time),
    needed("eligibleRegion", Shape::List(&COUNTRY)),
    maybe(
        "requiresSubscription",
        Shape::Object(&[
            needed("@type", Shape::Word(&["MediaSubscription"])),
            needed("@id", Shape::Address),
            needed("name", Shape::Text(200)),
        ]),
    ),
];

const COUNTRY: Shape = Shape::Object(&[needed("@type", Shape::Word(&["Country"])), needed("name", Shape::Country)]);

pub(super) fn document(entries: &[Entry<'_>], setting: &Setting) -> String {
    let mut elements = Vec::new();
    for entry in entries {
        elements.push(title_element(entry, setting));
        for part in &entry.parts {
            elements.push(season_element(part, entry, setting));
            elements.extend(part.episodes.iter().map(|episode| episode_element(episode, entry, setting)));
        }
    }
    let feed = json!({
        "@context": "http://schema.org",
        "@type": "DataFeed",
        "dateModified": setting.now.to_string(),
        "dataFeedElement": elements,
    });
    serde_json::to_string(&feed).expect("a value is JSON")
}

/// How to watch it: what every element has.
fn action(play: &str, entry: &Entry<'_>, setting: &Setting) -> Value {
    let window = entry.window;
    json!({
        "@type": "WatchAction",
        "target": {
            "@type": "EntryPoint",
            "urlTemplate": play,
            "inLanguage": setting.language,
            "actionPlatform": PLATFORMS,
        },
        "actionAccessibilityRequirement": {
            "@type": "ActionAccessSpecification",
            "category": "subscription",
            "eligibleRegion": [{ "@type": "Country", "name": setting.territory }],
            "requiresSubscription": {
                "@type": "MediaSubscription",
                "@id": format!("{}/", setting.base),
                "name": setting.provider,
            },
            "availabilityStarts": window.from.unwrap_or(entry.title.added_at).to_string(),
            "availabilityEnds": window.until.map_or(OPEN_END.to_owned(), |until| until.to_string()),
        },
    })
}

fn context(setting: &Setting) -> Value {
    json!(["http://schema.org", { "@language": setting.language }])
}

fn image(url: &str, name: &str) -> Value {
    json!({ "@type": "ImageObject", "contentUrl": url, "name": name })
}

/// A name for a season: it is seen on its show's page.
fn season_id(show: &PartnerTitle, number: u32) -> String {
    format!("{}?season={number}", show.links.page)
}

fn series(show: &PartnerTitle) -> Value {
    json!({ "@type": "TVSeries", "@id": show.links.page, "name": show.name })
}

fn title_element(entry: &Entry<'_>, setting: &Setting) -> Value {
    let title = entry.title;
    let mut element = json!({
        "@context": context(setting),
        "@type": if title.kind == Kind::Show { "TVSeries" } else { "Movie" },
        "@id": title.links.page,
        "url": title.links.page,
        "name": title.name,
        "genre": title.genres,
        "image": [image(&title.artwork.poster_url, &title.name), image(&title.artwork.backdrop_url, &title.name)],
        "releasedEvent": {
            "@type": "PublicationEvent",
            "startDate": title.year.to_string(),
            "location": { "@type": "Country", "name": setting.territory },
        },
        "typicalAgeRange": format!("{}-", title.certification_age),
        "potentialAction": action(&title.links.play, entry, setting),
    });
    if let Some(synopsis) = &title.synopsis {
        element["description"] = json!(synopsis);
    }
    if let Some(runtime_s) = title.runtime_s {
        element["duration"] = json!(format!("PT{runtime_s}S"));
    }
    element
}

fn season_element(part: &Part<'_>, entry: &Entry<'_>, setting: &Setting) -> Value {
    let season = part.season;
    let id = season_id(entry.title, season.number);
    let mut element = json!({
        "@context": context(setting),
        "@type": "TVSeason",
        "@id": id,
        "url": id,
        "name": part.name(entry.title),
        "seasonNumber": season.number,
        "partOfSeries": series(entry.title),
        "potentialAction": action(&season.links.play, entry, setting),
    });
    if let Some(synopsis) = &season.synopsis {
        element["description"] = json!(synopsis);
    }
    element
}

fn episode_element(episode: &PartnerEpisode, entry: &Entry<'_>, setting: &Setting) -> Value {
    let show = entry.title;
    let mut element = json!({
        "@context": context(setting),
        "@type": "TVEpisode",
        "@id": episode.links.play,
        "url": episode.links.play,
        "name": episode.name,
        "episodeNumber": episode.number,
        "partOfSeason": {
            "@type": "TVSeason",
            "@id": season_id(show, episode.season),
            "seasonNumber": episode.season,
        },
        "partOfSeries": series(show),
        "image": [image(&episode.artwork.url, &episode.name)],
        "typicalAgeRange": format!("{}-", show.certification_age),
        "potentialAction": action(&episode.links.play, entry, setting),
    });
    if let Some(synopsis) = &episode.synopsis {
        element["description"] = json!(synopsis);
    }
    if let Some(runtime_s) = episode.runtime_s {
        element["duration"] = json!(format!("PT{runtime_s}S"));
    }
    if let Some(day) = episode.aired_on {
        element["datePublished"] = json!(day.to_string());
    }
    element
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::feeds::tests::{entry, setting, show, title};

    #[test]
    fn a_film_can_be_watched_from_its_entry() {
        let sintel = title("sintel");
        let text = document(&[entry(&sintel, Some("2027-02-01T00:00:00Z"))], &setting());
        let feed: Value = serde_json::from_str(&text).expect("JSON");
        let film = &feed["dataFeedElement"][0];
        assert_eq!(film["@type"], "Movie");
        assert_eq!(film["duration"], "PT888S");
        let action = &film["potentialAction"];
        assert_eq!(action["target"]["urlTemplate"], "https://films.example/watch/sintel");
        let access = &action["actionAccessibilityRequirement"];
        assert_eq!(access["availabilityStarts"], "2026-11-01T00:00:00Z");
        assert_eq!(access["availabilityEnds"], "2027-02-01T00:00:00Z");
        assert_eq!(access["eligibleRegion"][0]["name"], "US");
    }

    #[test]
    fn an_episode_says_of_which_season_and_show_it_is() {
        let lantern = show("lantern");
        let text = document(&[entry(&lantern, None)], &setting());
        let feed: Value = serde_json::from_str(&text).expect("JSON");
        let elements = feed["dataFeedElement"].as_array().expect("a list");
        let types: Vec<_> = elements.iter().map(|element| &element["@type"]).collect();
        assert_eq!(types, ["TVSeries", "TVSeason", "TVEpisode"]);
        let (season, episode) = (&elements[1], &elements[2]);
        assert_eq!((&season["seasonNumber"], &season["partOfSeries"]["@id"]), (&json!(1), &elements[0]["@id"]));
        assert_eq!((&episode["episodeNumber"], &episode["partOfSeason"]["@id"]), (&json!(2), &season["@id"]));
        assert_eq!(episode["datePublished"], "2026-05-08");
        let play = "https://films.example/watch/lantern/lantern-1-2";
        for element in [season, episode] {
            assert_eq!(element["potentialAction"]["target"]["urlTemplate"], play);
        }
    }
}
