//! Apple's Universal Media Catalog for the TV app: a catalogue of everything, and availability of one country.
//!
//! The catalogue keeps the order of Apple's public reference (3.6). The reference of availability is for partners only: its
//! elements are those of feeds that are public, in the order in which these have them. [`CATALOG_RULES`] and
//! [`AVAILABILITY_RULES`] hold both to that; Apple's own validator has the last word. A show is an item with
//! its seasons and episodes beside it, tied by their ids; what is available are films and episodes. Left out because we do not
//! know it: a rating (we have an age, not a system's rating), Apple's own words for genres, and the kind of a service.

use bijou_catalog_api::Kind;

use super::rules::{Rule, Times};
use super::xml::Xml;
use super::{Entry, Part, Setting};
use crate::domain::season::PartnerEpisode;
use crate::domain::title::Links;

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
            ("movieInfo", Times::Maybe),
            ("tvShowInfo", Times::Maybe),
            ("tvSeasonInfo", Times::Maybe),
            ("tvEpisodeInfo", Times::Maybe),
        ],
    ),
    ("movieInfo", &[("duration", Times::Maybe), ("originalReleaseDate", Times::Once)]),
    ("tvShowInfo", &[("originalReleaseDate", Times::Once)]),
    ("tvSeasonInfo", &[("showContentId", Times::Once), ("seasonNumber", Times::Once)]),
    (
        "tvEpisodeInfo",
        &[
            ("duration", Times::Maybe),
            ("originalAirDate", Times::Maybe),
            ("showContentId", Times::Once),
            ("seasonContentId", Times::Once),
            ("seasonNumber", Times::Once),
            ("episodeNumber", Times::Once),
        ],
    ),
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
    let count = |entry: &Entry<'_>| 1 + entry.parts.iter().map(|part| 1 + part.episodes.len()).sum::<usize>();
    xml.open("umcCatalog", &[("version", VERSION), ("teamId", &ids.team), ("catalogId", &ids.catalog)]);
    xml.text("totalItemCount", &[], &entries.iter().map(count).sum::<usize>().to_string());
    xml.text("lastBuildDate", &[], &setting.now.to_string());
    xml.text("title", &[], &setting.provider);
    xml.text("description", &[], &format!("Everything at {}", setting.provider));
    xml.text("defaultLocale", &[], &setting.language);
    for entry in entries {
        title_item(&mut xml, entry, setting);
        for part in &entry.parts {
            season_item(&mut xml, part, entry, setting);
            for episode in &part.episodes {
                episode_item(&mut xml, episode, entry, setting);
            }
        }
    }
    xml.close("umcCatalog");
    xml.done()
}

/// What items of all kinds begin with.
struct Head<'a> {
    kind: &'a str,
    id: &'a str,
    name: &'a str,
    synopsis: Option<&'a str>,
    /// With their types.
    artwork: &'a [(&'a str, &'a str)],
}

fn begin(xml: &mut Xml, head: &Head<'_>, entry: &Entry<'_>, setting: &Setting) {
    let locale = [("locale", setting.language.as_str())];
    xml.open("item", &[("contentType", head.kind), ("contentId", head.id)]);
    xml.text("pubDate", &[], &entry.changed.to_string());
    xml.text("title", &locale, head.name);
    if let Some(synopsis) = head.synopsis {
        xml.text("description", &locale, synopsis);
    }
    for genre in &entry.title.genres {
        xml.text("genre", &[], &genre.to_lowercase());
    }
    for (url, kind) in head.artwork {
        xml.empty("artwork", &[("url", url), ("type", kind)]);
    }
}

const VERTICAL: &str = "cover_artwork_vertical";
const HORIZONTAL: &str = "cover_artwork_horizontal";

fn title_item(xml: &mut Xml, entry: &Entry<'_>, setting: &Setting) {
    let title = entry.title;
    let (kind, info) = if title.kind == Kind::Show { ("tv_show", "tvShowInfo") } else { ("movie", "movieInfo") };
    let artwork = [(title.artwork.poster_url.as_str(), VERTICAL), (title.artwork.backdrop_url.as_str(), HORIZONTAL)];
    let synopsis = title.synopsis.as_deref();
    begin(xml, &Head { kind, id: &title.id, name: &title.name, synopsis, artwork: &artwork }, entry, setting);
    xml.open(info, &[]);
    if let Some(runtime_s) = title.runtime_s.filter(|_| title.kind != Kind::Show) {
        xml.text("duration", &[], &runtime_s.to_string());
    }
    // The day of a release is not known here, and none is made up.
    xml.text("originalReleaseDate", &[], &title.year.to_string());
    xml.close(info);
    xml.close("item");
}

fn season_item(xml: &mut Xml, part: &Part<'_>, entry: &Entry<'_>, setting: &Setting) {
    let (show, season) = (entry.title, part.season);
    let name = part.name(show);
    let artwork = [(show.artwork.poster_url.as_str(), VERTICAL)];
    let synopsis = season.synopsis.as_deref();
    let head = Head { kind: "tv_season", id: &season.id, name: &name, synopsis, artwork: &artwork };
    begin(xml, &head, entry, setting);
    xml.open("tvSeasonInfo", &[]);
    xml.text("showContentId", &[], &show.id);
    xml.text("seasonNumber", &[], &season.number.to_string());
    xml.close("tvSeasonInfo");
    xml.close("item");
}

fn episode_item(xml: &mut Xml, episode: &PartnerEpisode, entry: &Entry<'_>, setting: &Setting) {
    let artwork = [(episode.artwork.url.as_str(), HORIZONTAL)];
    let synopsis = episode.synopsis.as_deref();
    let head = Head { kind: "tv_episode", id: &episode.id, name: &episode.name, synopsis, artwork: &artwork };
    begin(xml, &head, entry, setting);
    xml.open("tvEpisodeInfo", &[]);
    if let Some(runtime_s) = episode.runtime_s {
        xml.text("duration", &[], &runtime_s.to_string());
    }
    if let Some(day) = episode.aired_on {
        xml.text("originalAirDate", &[], &day.to_string());
    }
    xml.text("showContentId", &[], &episode.show_id);
    xml.text("seasonContentId", &[], &episode.season_id);
    xml.text("seasonNumber", &[], &episode.season.to_string());
    xml.text("episodeNumber", &[], &episode.number.to_string());
    xml.close("tvEpisodeInfo");
    xml.close("item");
}

pub(super) fn availability(entries: &[Entry<'_>], setting: &Setting) -> String {
    let mut items = Vec::new();
    for entry in entries {
        let title = entry.title;
        if title.kind != Kind::Show {
            items.push(("movie", &title.id, &title.links, entry));
        }
        let episodes = entry.parts.iter().flat_map(|part| &part.episodes);
        items.extend(episodes.map(|episode| ("tv_episode", &episode.id, &episode.links, entry)));
    }
    let mut xml = Xml::new();
    let ids = &setting.apple;
    xml.open("umcAvailability", &[("version", VERSION)]);
    xml.text("lastBuildDate", &[], &setting.now.to_string());
    xml.open("service", &[("teamId", &ids.team), ("serviceId", &ids.service)]);
    xml.text("totalItemCount", &[], &items.len().to_string());
    for (kind, id, links, entry) in items {
        xml.open("item", &[("contentType", kind), ("contentId", id), ("catalogId", &ids.catalog)]);
        available(&mut xml, links, entry);
        xml.close("item");
    }
    xml.close("service");
    xml.close("umcAvailability");
    xml.done()
}

fn available(xml: &mut Xml, links: &Links, entry: &Entry<'_>) {
    let Entry { title, changed, window, .. } = entry;
    xml.text("pubDate", &[], &changed.to_string());
    xml.open("locators", &[]);
    for platform in PLATFORMS {
        for (action, url) in [("open", &links.page), ("play", &links.play)] {
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
}

#[cfg(test)]
mod tests {
    use super::super::rules;
    use super::*;
    use crate::domain::feeds::tests::{entry, setting, show, title};

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

    #[test]
    fn a_show_is_in_the_catalogue_and_its_episodes_are_what_is_available() {
        let lantern = show("lantern");
        let entries = [entry(&lantern, None)];
        let text = catalog(&entries, &setting());
        assert_eq!(rules::check(&text, "umcCatalog", CATALOG_RULES), Ok(()));
        check_text(
            &text,
            &[
                "<totalItemCount>3</totalItemCount>",
                "<item contentType=\"tv_show\" contentId=\"lantern\">",
                "<tvShowInfo><originalReleaseDate>2010</originalReleaseDate></tvShowInfo>",
                "<tvSeasonInfo><showContentId>lantern</showContentId><seasonNumber>1</seasonNumber></tvSeasonInfo>",
                "<tvEpisodeInfo><duration>1440</duration><originalAirDate>2026-05-08</originalAirDate><showContentId>lantern</showContentId>\
                 <seasonContentId>lantern-1</seasonContentId><seasonNumber>1</seasonNumber>\
                 <episodeNumber>2</episodeNumber></tvEpisodeInfo>",
            ],
        );
        let text = availability(&entries, &setting());
        assert_eq!(rules::check(&text, "umcAvailability", AVAILABILITY_RULES), Ok(()));
        check_text(
            &text,
            &[
                "<totalItemCount>1</totalItemCount><item contentType=\"tv_episode\" contentId=\"lantern-1-2\"",
                "action=\"play\" url=\"https://films.example/watch/lantern/lantern-1-2\"/>",
            ],
        );
    }
}
