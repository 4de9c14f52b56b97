//! Apple's Universal Media Catalog for the TV app: a catalogue of everything, and availability of one country.
//!
//! The catalogue keeps the order of Apple's public reference (3.6). The reference of availability is for partners only: its
//! elements are those of feeds that are public, in the order in which these have them. [`CATALOG_RULES`] and
//! [`AVAILABILITY_RULES`] hold both to that; Apple's own validator has the last word. Left out because we do not know it: a
//! rating (we have an age, not a system's rating), Apple's own words for genres, the kind of a service, and shows, whose
//! episodes are what Apple offers.

use super::rules::{Rule, Times};
use super::xml::Xml;
use super::{Entry, Setting};

const VERSION: &str = "3.6";

/// Of those, a link opens the app if it is there, and the site otherwise.
const PLATFORMS: [&str; 3] = ["web", "ios", "atv"];

pub(super) const CATALOG_RULES: &[Rule] = &[
    (
        "umcCatalog",
        &[
            ("totalItemCount", Times::Once),
            ("lastBuildDate", Times::Once),
            ("title", Times::Once),
            ("description", Times::Once),
            ("defaultLocale", Times::Once),
            ("item", Times::Any),
        ],
    ),
    (
        "item",
        &[
            ("pubDate", Times::Once),
            ("title", Times::Some),
            ("description", Times::Any),
            ("genre", Times::Any),
            ("artwork", Times::Some),
            ("movieInfo", Times::Once),
        ],
    ),
    ("movieInfo", &[("duration", Times::Maybe), ("originalReleaseDate", Times::Once)]),
];

pub(super) const AVAILABILITY_RULES: &[Rule] = &[
    ("umcAvailability", &[("lastBuildDate", Times::Once), ("service", Times::Once)]),
    ("service", &[("totalItemCount", Times::Once), ("item", Times::Any)]),
    (
        "item",
        &[
            ("pubDate", Times::Once),
            ("locators", Times::Once),
            ("playableProperties", Times::Maybe),
            ("offers", Times::Once),
        ],
    ),
    ("locators", &[("locator", Times::Some)]),
    ("playableProperties", &[("videoQuality", Times::Maybe)]),
    ("offers", &[("offer", Times::Some)]),
    ("offer", &[("offeringType", Times::Once), ("windowStart", Times::Once), ("windowEnd", Times::Maybe)]),
];

pub(super) fn catalog(entries: &[Entry<'_>], setting: &Setting) -> String {
    let mut xml = Xml::new();
    let ids = &setting.apple;
    xml.open("umcCatalog", &[("version", VERSION), ("teamId", &ids.team), ("catalogId", &ids.catalog)]);
    xml.text("totalItemCount", &[], &entries.len().to_string());
    xml.text("lastBuildDate", &[], &setting.now.to_string());
    xml.text("title", &[], &setting.provider);
    xml.text("description", &[], &format!("Everything at {}", setting.provider));
    xml.text("defaultLocale", &[], &setting.language);
    for entry in entries {
        let title = entry.title;
        let locale = [("locale", setting.language.as_str())];
        xml.open("item", &[("contentType", "movie"), ("contentId", &title.id)]);
        xml.text("pubDate", &[], &entry.changed.to_string());
        xml.text("title", &locale, &title.name);
        if let Some(synopsis) = &title.synopsis {
            xml.text("description", &locale, synopsis);
        }
        for genre in &title.genres {
            xml.text("genre", &[], &genre.to_lowercase());
        }
        xml.empty("artwork", &[("url", &title.artwork.poster_url), ("type", "cover_artwork_vertical")]);
        xml.empty("artwork", &[("url", &title.artwork.backdrop_url), ("type", "cover_artwork_horizontal")]);
        xml.open("movieInfo", &[]);
        if let Some(runtime_s) = title.runtime_s {
            xml.text("duration", &[], &runtime_s.to_string());
        }
        // The day of a release is not known here, and none is made up.
        xml.text("originalReleaseDate", &[], &title.year.to_string());
        xml.close("movieInfo");
        xml.close("item");
    }
    xml.close("umcCatalog");
    xml.done()
}

pub(super) fn availability(entries: &[Entry<'_>], setting: &Setting) -> String {
    let mut xml = Xml::new();
    let ids = &setting.apple;
    xml.open("umcAvailability", &[("version", VERSION)]);
    xml.text("lastBuildDate", &[], &setting.now.to_string());
    xml.open("service", &[("teamId", &ids.team), ("serviceId", &ids.service)]);
    xml.text("totalItemCount", &[], &entries.len().to_string());
    for entry in entries {
        item(&mut xml, entry, &ids.catalog);
    }
    xml.close("service");
    xml.close("umcAvailability");
    xml.done()
}

fn item(xml: &mut Xml, entry: &Entry<'_>, catalog_id: &str) {
    let Entry { title, changed, window } = entry;
    xml.open("item", &[("contentType", "movie"), ("contentId", &title.id), ("catalogId", catalog_id)]);
    xml.text("pubDate", &[], &changed.to_string());
    xml.open("locators", &[]);
    for platform in PLATFORMS {
        for (action, url) in [("open", &title.links.page), ("play", &title.links.play)] {
            xml.empty("locator", &[("platform", platform), ("action", action), ("url", url)]);
        }
    }
    xml.close("locators");
    xml.open("playableProperties", &[]);
    xml.text("videoQuality", &[], "HD");
    xml.close("playableProperties");
    xml.open("offers", &[]);
    xml.open("offer", &[]);
    xml.text("offeringType", &[], "subscription");
    xml.text("windowStart", &[], &window.from.unwrap_or(title.added_at).to_string());
    if let Some(until) = window.until {
        xml.text("windowEnd", &[], &until.to_string());
    }
    xml.close("offer");
    xml.close("offers");
    xml.close("item");
}

#[cfg(test)]
mod tests {
    use super::super::rules;
    use super::*;
    use crate::domain::feeds::tests::{entry, setting, title};

    #[track_caller]
    fn check_text(text: &str, expected: &[&str]) {
        for part in expected {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn the_catalogue_says_what_there_is() {
        let sintel = title("sintel");
        let text = catalog(&[entry(&sintel, None)], &setting());
        assert_eq!(rules::check(&text, "umcCatalog", CATALOG_RULES), Ok(()));
        check_text(
            &text,
            &[
                "<umcCatalog version=\"3.6\" teamId=\"TEAM\" catalogId=\"example.films\"><totalItemCount>1</totalItemCount>",
                "<item contentType=\"movie\" contentId=\"sintel\"><pubDate>2027-01-10T12:00:00Z</pubDate>",
                "<title locale=\"en\">The &quot;sintel&quot; &amp; &lt;others&gt;</title>",
                "<genre>drama</genre>",
                "<movieInfo><duration>888</duration><originalReleaseDate>2010</originalReleaseDate></movieInfo>",
            ],
        );
    }

    #[test]
    fn availability_says_from_when_until_when_and_where_it_plays() {
        let sintel = title("sintel");
        let text = availability(&[entry(&sintel, Some("2027-02-01T00:00:00Z"))], &setting());
        assert_eq!(rules::check(&text, "umcAvailability", AVAILABILITY_RULES), Ok(()));
        check_text(
            &text,
            &[
                "<service teamId=\"TEAM\" serviceId=\"example.films.all\">",
                "<item contentType=\"movie\" contentId=\"sintel\" catalogId=\"example.films\">",
                "<locator platform=\"atv\" action=\"play\" url=\"https://films.example/watch/sintel\"/>",
                "<windowStart>2026-11-01T00:00:00Z</windowStart><windowEnd>2027-02-01T00:00:00Z</windowEnd>",
            ],
        );
    }
}
