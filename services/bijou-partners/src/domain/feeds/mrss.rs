//! Media RSS: RSS 2.0 with Yahoo's media elements, which every aggregator reads.

use jiff::civil::Date;

use super::rules::{Rule, Times};
use super::xml::Xml;
use super::{Entry, Setting};
use crate::domain::season::PartnerEpisode;
use crate::domain::title::{Links, PartnerTitle};

/// Readers do not mind the order; these do not change it.
pub(super) const RULES: &[Rule] = &[
    ("rss", &[("channel", Times::Once)]),
    (
        "channel",
        &[
            ("title", Times::Once),
            ("link", Times::Once),
            ("description", Times::Once),
            ("language", Times::Maybe),
            ("lastBuildDate", Times::Maybe),
            ("item", Times::Any),
        ],
    ),
    (
        "item",
        &[
            ("title", Times::Once),
            ("link", Times::Once),
            ("guid", Times::Once),
            ("pubDate", Times::Once),
            ("description", Times::Maybe),
            ("dcterms:issued", Times::Maybe),
            ("dcterms:valid", Times::Maybe),
            ("media:content", Times::Once),
        ],
    ),
    (
        "media:content",
        &[
            ("media:title", Times::Once),
            ("media:player", Times::Once),
            ("media:thumbnail", Times::Once),
            ("media:category", Times::Any),
            ("media:restriction", Times::Once),
        ],
    ),
];

pub(super) fn document(entries: &[Entry<'_>], setting: &Setting) -> String {
    let mut xml = Xml::new();
    let spaces = [
        ("version", "2.0"),
        ("xmlns:media", "http://search.yahoo.com/mrss/"),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
    ];
    xml.open("rss", &spaces);
    xml.open("channel", &[]);
    xml.text("title", &[], &setting.provider);
    xml.text("link", &[], &format!("{}/", setting.base));
    xml.text("description", &[], &format!("Everything at {}", setting.provider));
    xml.text("language", &[], &setting.language);
    xml.text("lastBuildDate", &[], &rfc_2822(setting.now));
    for entry in entries {
        item(&mut xml, &Item::of_title(entry.title), entry, setting);
        for episode in entry.parts.iter().flat_map(|part| &part.episodes) {
            item(&mut xml, &Item::of_episode(episode, entry.title), entry, setting);
        }
    }
    xml.close("channel");
    xml.close("rss");
    xml.done()
}

/// A title, or an episode, which this form has no element of its own for: its title names show, season and number.
struct Item<'a> {
    id: &'a str,
    title: String,
    name: &'a str,
    synopsis: Option<&'a str>,
    runtime_s: Option<u32>,
    aired_on: Option<Date>,
    image: &'a str,
    links: &'a Links,
}

impl<'a> Item<'a> {
    fn of_title(title: &'a PartnerTitle) -> Self {
        Self {
            id: &title.id,
            title: title.name.clone(),
            name: &title.name,
            synopsis: title.synopsis.as_deref(),
            runtime_s: title.runtime_s,
            aired_on: None,
            image: &title.artwork.backdrop_url,
            links: &title.links,
        }
    }

    fn of_episode(episode: &'a PartnerEpisode, show: &PartnerTitle) -> Self {
        Self {
            id: &episode.id,
            title: format!("{} {}.{} {}", show.name, episode.season, episode.number, episode.name),
            name: &episode.name,
            synopsis: episode.synopsis.as_deref(),
            runtime_s: episode.runtime_s,
            aired_on: episode.aired_on,
            image: &episode.artwork.url,
            links: &episode.links,
        }
    }
}

fn item(xml: &mut Xml, item: &Item<'_>, entry: &Entry<'_>, setting: &Setting) {
    let window = entry.window;
    xml.open("item", &[]);
    xml.text("title", &[], &item.title);
    xml.text("link", &[], &item.links.page);
    xml.text("guid", &[("isPermaLink", "false")], item.id);
    xml.text("pubDate", &[], &rfc_2822(entry.title.added_at));
    if let Some(synopsis) = item.synopsis {
        xml.text("description", &[], synopsis);
    }
    // `pubDate` is when it came to us; when it was shown first, anywhere, has a word of Dublin Core's.
    if let Some(day) = item.aired_on {
        xml.text("dcterms:issued", &[], &day.to_string());
    }
    if window.from.is_some() || window.until.is_some() {
        let start = window.from.map(|from| format!("start={from}; ")).unwrap_or_default();
        let end = window.until.map(|until| format!("end={until}; ")).unwrap_or_default();
        xml.text("dcterms:valid", &[], &format!("{start}{end}scheme=W3C-DTF"));
    }
    let seconds = item.runtime_s.map(|seconds| seconds.to_string());
    let mut content = vec![("medium", "video")];
    content.extend(seconds.as_deref().map(|seconds| ("duration", seconds)));
    xml.open("media:content", &content);
    xml.text("media:title", &[], item.name);
    xml.empty("media:player", &[("url", &item.links.play)]);
    xml.empty("media:thumbnail", &[("url", item.image)]);
    for genre in &entry.title.genres {
        xml.text("media:category", &[], genre);
    }
    let allowed = [("relationship", "allow"), ("type", "country")];
    xml.text("media:restriction", &allowed, &setting.territory.to_ascii_lowercase());
    xml.close("media:content");
    xml.close("item");
}

fn rfc_2822(time: jiff::Timestamp) -> String {
    jiff::fmt::rfc2822::to_string(&time.to_zoned(jiff::tz::TimeZone::UTC)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::rules;
    use super::*;
    use crate::domain::feeds::tests::{entry, setting, show, title};

    /// The texts of all elements of this name, as a reader of the feed gets them.
    fn texts(document: &str, name: &str) -> Vec<String> {
        document
            .split(&format!("<{name}>"))
            .skip(1)
            .map(|part| part.split("</").next().unwrap_or_default().to_owned())
            .collect()
    }

    #[test]
    fn the_feed_is_well_formed_whatever_a_title_is_called() {
        let sintel = title("sintel");
        let text = document(&[entry(&sintel, Some("2027-02-01T00:00:00Z"))], &setting());
        assert_eq!(rules::check(&text, "rss", RULES), Ok(()));
        assert_eq!(texts(&text, "media:title"), ["The &quot;sintel&quot; &amp; &lt;others&gt;"]);
        assert_eq!(texts(&text, "dcterms:valid"), ["end=2027-02-01T00:00:00Z; scheme=W3C-DTF"]);
        assert_eq!(texts(&text, "pubDate"), ["Sun, 1 Nov 2026 00:00:00 +0000"]);
    }

    #[test]
    fn an_episode_is_an_item_of_its_own() {
        let lantern = show("lantern");
        let text = document(&[entry(&lantern, None)], &setting());
        assert_eq!(rules::check(&text, "rss", RULES), Ok(()));
        assert_eq!(texts(&text, "media:title").len(), 2);
        assert_eq!(texts(&text, "dcterms:issued"), ["2026-05-08"], "the show has none");
        assert!(text.contains(" 1.2 Part 2</title><link>https://films.example/title/lantern</link>"), "{text}");
        assert!(text.contains("<media:player url=\"https://films.example/watch/lantern/lantern-1-2\"/>"), "{text}");
    }
}
