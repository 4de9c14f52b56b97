//! Media RSS: RSS 2.0 with Yahoo's media elements, which every aggregator reads.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{Setting, Window};
use crate::domain::title::PartnerTitle;

type Xml = Writer<Vec<u8>>;

/// Writing into memory does not fail.
const IN_MEMORY: &str = "a vector takes every byte";

pub(super) fn document(titles: &[(&PartnerTitle, Window)], setting: &Setting) -> String {
    let mut xml = Writer::new(Vec::new());
    write(&mut xml, Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    let rss = BytesStart::new("rss").with_attributes([
        ("version", "2.0"),
        ("xmlns:media", "http://search.yahoo.com/mrss/"),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
    ]);
    write(&mut xml, Event::Start(rss));
    open(&mut xml, "channel");
    text(&mut xml, "title", &setting.provider);
    text(&mut xml, "link", &format!("{}/", setting.base));
    text(&mut xml, "description", &format!("Everything at {}", setting.provider));
    text(&mut xml, "language", &setting.language);
    text(&mut xml, "lastBuildDate", &rfc_2822(setting.now));
    for (title, window) in titles {
        item(&mut xml, title, *window, setting);
    }
    close(&mut xml, "channel");
    close(&mut xml, "rss");
    String::from_utf8(xml.into_inner()).expect("text goes in, text comes out")
}

fn item(xml: &mut Xml, title: &PartnerTitle, window: Window, setting: &Setting) {
    open(xml, "item");
    text(xml, "title", &title.name);
    text(xml, "link", &title.links.page);
    let guid = BytesStart::new("guid").with_attributes([("isPermaLink", "false")]);
    write(xml, Event::Start(guid));
    write(xml, Event::Text(BytesText::new(&title.id)));
    close(xml, "guid");
    text(xml, "pubDate", &rfc_2822(title.added_at));
    if let Some(synopsis) = &title.synopsis {
        text(xml, "description", synopsis);
    }
    if window.from.is_some() || window.until.is_some() {
        let start = window.from.map(|from| format!("start={from}; ")).unwrap_or_default();
        let end = window.until.map(|until| format!("end={until}; ")).unwrap_or_default();
        text(xml, "dcterms:valid", &format!("{start}{end}scheme=W3C-DTF"));
    }
    let mut content = BytesStart::new("media:content");
    content.push_attribute(("medium", "video"));
    let seconds = title.runtime_s.map(|seconds| seconds.to_string());
    if let Some(seconds) = &seconds {
        content.push_attribute(("duration", seconds.as_str()));
    }
    write(xml, Event::Start(content));
    text(xml, "media:title", &title.name);
    empty(xml, "media:player", &[("url", &title.links.play)]);
    empty(xml, "media:thumbnail", &[("url", &title.artwork.backdrop_url)]);
    for genre in &title.genres {
        text(xml, "media:category", genre);
    }
    let restriction =
        BytesStart::new("media:restriction").with_attributes([("relationship", "allow"), ("type", "country")]);
    write(xml, Event::Start(restriction));
    write(xml, Event::Text(BytesText::new(&setting.territory.to_ascii_lowercase())));
    close(xml, "media:restriction");
    close(xml, "media:content");
    close(xml, "item");
}

fn rfc_2822(time: jiff::Timestamp) -> String {
    jiff::fmt::rfc2822::to_string(&time.to_zoned(jiff::tz::TimeZone::UTC)).unwrap_or_default()
}

fn open(xml: &mut Xml, name: &str) {
    write(xml, Event::Start(BytesStart::new(name)));
}

fn close(xml: &mut Xml, name: &str) {
    write(xml, Event::End(BytesEnd::new(name)));
}

fn text(xml: &mut Xml, name: &str, value: &str) {
    open(xml, name);
    write(xml, Event::Text(BytesText::new(value)));
    close(xml, name);
}

fn empty(xml: &mut Xml, name: &str, attributes: &[(&str, &str)]) {
    write(xml, Event::Empty(BytesStart::new(name).with_attributes(attributes.iter().copied())));
}

fn write(xml: &mut Xml, event: Event<'_>) {
    xml.write_event(event).expect(IN_MEMORY);
}

#[cfg(test)]
mod tests {
    use quick_xml::Reader;

    use super::*;
    use crate::domain::feeds::tests::{setting, title};

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
        let until = "2027-02-01T00:00:00Z".parse().expect("a time");
        let sintel = title("sintel");
        let text = document(&[(&sintel, Window { from: None, until: Some(until) })], &setting());
        let mut reader = Reader::from_str(&text);
        while reader.read_event().expect("well formed") != Event::Eof {}
        assert_eq!(texts(&text, "media:title"), ["The &quot;sintel&quot; &amp; &lt;others&gt;"]);
        assert_eq!(texts(&text, "dcterms:valid"), ["end=2027-02-01T00:00:00Z; scheme=W3C-DTF"]);
        assert_eq!(texts(&text, "pubDate"), ["Sun, 1 Nov 2026 00:00:00 +0000"]);
    }
}
