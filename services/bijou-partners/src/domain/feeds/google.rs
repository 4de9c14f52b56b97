//! Google's Media Actions: a schema.org `DataFeed` in JSON-LD, each title with a `WatchAction`.

use bijou_catalog_api::Kind;
use serde_json::{Value, json};

use super::json_rules::{Field, Shape, maybe, needed};
use super::{Entry, Setting, Window};
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
/// and *TVSeries specification*).
pub(super) const RULES: &[Field] = &[
    needed("@context", Shape::Word(&["http://schema.org"])),
    needed("@type", Shape::Word(&["DataFeed"])),
    needed("dateModified", Shape::Time),
    needed("dataFeedElement", Shape::Distinct("@id", &Shape::Object(ENTITY))),
];

const ENTITY: &[Field] = &[
    needed("@type", Shape::Word(&["Movie", "TVSeries"])),
    needed("@id", Shape::Address),
    needed("url", Shape::Address),
    needed("name", Shape::Text(500)),
    maybe("description", Shape::Text(5_000)),
    maybe(
        "image",
        Shape::List(&Shape::Object(&[
            needed("@type", Shape::Word(&["ImageObject"])),
            needed("contentUrl", Shape::Address),
        ])),
    ),
    maybe(
        "releasedEvent",
        Shape::Object(&[
            needed("@type", Shape::Word(&["PublicationEvent"])),
            needed("startDate", Shape::Year),
            needed("location", COUNTRY),
        ]),
    ),
    needed(
        "potentialAction",
        Shape::Object(&[
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
        ]),
    ),
];

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

const COUNTRY: Shape =
    Shape::Object(&[needed("@type", Shape::Word(&["Country"])), needed("name", Shape::Country { capitals: true })]);

pub(super) fn document(entries: &[Entry<'_>], setting: &Setting) -> String {
    let elements: Vec<_> = entries.iter().map(|entry| element(entry.title, entry.window, setting)).collect();
    let feed = json!({
        "@context": "http://schema.org",
        "@type": "DataFeed",
        "dateModified": setting.now.to_string(),
        "dataFeedElement": elements,
    });
    serde_json::to_string(&feed).expect("a value is JSON")
}

fn element(title: &PartnerTitle, window: Window, setting: &Setting) -> Value {
    let access = json!({
        "@type": "ActionAccessSpecification",
        "category": "subscription",
        "eligibleRegion": [{ "@type": "Country", "name": setting.territory }],
        "requiresSubscription": {
            "@type": "MediaSubscription",
            "@id": format!("{}/", setting.base),
            "name": setting.provider,
        },
        "availabilityStarts": window.from.unwrap_or(title.added_at).to_string(),
        "availabilityEnds": window.until.map_or(OPEN_END.to_owned(), |until| until.to_string()),
    });
    let mut element = json!({
        "@context": ["http://schema.org", { "@language": setting.language }],
        "@type": if title.kind == Kind::Show { "TVSeries" } else { "Movie" },
        "@id": title.links.page,
        "url": title.links.page,
        "name": title.name,
        "genre": title.genres,
        "image": [
            { "@type": "ImageObject", "contentUrl": title.artwork.poster_url, "name": title.name },
            { "@type": "ImageObject", "contentUrl": title.artwork.backdrop_url, "name": title.name },
        ],
        "releasedEvent": {
            "@type": "PublicationEvent",
            "startDate": title.year.to_string(),
            "location": { "@type": "Country", "name": setting.territory },
        },
        "typicalAgeRange": format!("{}-", title.certification_age),
        "potentialAction": {
            "@type": "WatchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": title.links.play,
                "inLanguage": setting.language,
                "actionPlatform": PLATFORMS,
            },
            "actionAccessibilityRequirement": access,
        },
    });
    if let Some(synopsis) = &title.synopsis {
        element["description"] = json!(synopsis);
    }
    if let Some(runtime_s) = title.runtime_s {
        element["duration"] = json!(format!("PT{runtime_s}S"));
    }
    element
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::feeds::tests::{entry, setting, title};

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
}
