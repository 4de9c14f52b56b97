//! Amazon's Catalog Data Format for Fire TV, version 1.3: works with their offers.
//!
//! The order of elements counts. Amazon's schema file is not in this repository (its licence says nothing of copies); the
//! order here is that of its public reference, held by [`RULES`]. Validate with `xmllint --schema catalog.xsd` before the
//! first upload. An empty `Works` means to Amazon that everything is gone, which the limit on shrinking is for.

use bijou_catalog_api::Kind;

use super::rules::{Rule, Times};
use super::xml::Xml;
use super::{Entry, Setting, Window};
use crate::domain::title::PartnerTitle;

const NAMESPACE: &str = "http://www.amazon.com/FireTv/2014-04-11/ingestion";

const WORK: &[(&str, Times)] = &[
    ("ID", Times::Once),
    ("Title", Times::Some),
    ("Offers", Times::Once),
    ("ReleaseYear", Times::Maybe),
    ("ShortDescription", Times::Any),
    ("ImageUrl", Times::Maybe),
    ("RuntimeMinutes", Times::Maybe),
    ("Language", Times::Maybe),
    ("Genres", Times::Maybe),
];

pub(super) const RULES: &[Rule] = &[
    ("Catalog", &[("Partner", Times::Once), ("Works", Times::Once)]),
    ("Works", &[("Movie", Times::Any), ("TvShow", Times::Any)]),
    ("Movie", WORK),
    ("TvShow", WORK),
    ("Offers", &[("SubscriptionOffer", Times::Some)]),
    (
        "SubscriptionOffer",
        &[
            ("Regions", Times::Once),
            ("WindowStart", Times::Maybe),
            ("WindowEnd", Times::Maybe),
            ("LaunchDetails", Times::Any),
        ],
    ),
    ("Regions", &[("Country", Times::Some)]),
    ("LaunchDetails", &[("Quality", Times::Maybe), ("LaunchId", Times::Maybe)]),
    ("Genres", &[("Genre", Times::Some)]),
];

pub(super) fn document(entries: &[Entry<'_>], setting: &Setting) -> String {
    let mut xml = Xml::new();
    xml.open("Catalog", &[("xmlns", NAMESPACE), ("version", "FireTv-v1.3")]);
    xml.text("Partner", &[], &setting.provider);
    xml.open("Works", &[]);
    // Films first, then shows, so that each kind is together.
    for (kind, name) in [(Kind::Movie, "Movie"), (Kind::Show, "TvShow")] {
        for entry in entries.iter().filter(|entry| entry.title.kind == kind) {
            work(&mut xml, name, entry.title, entry.window, setting);
        }
    }
    xml.close("Works");
    xml.close("Catalog");
    xml.done()
}

fn work(xml: &mut Xml, name: &str, title: &PartnerTitle, window: Window, setting: &Setting) {
    let locale = [("locale", setting.language.as_str())];
    xml.open(name, &[]);
    xml.text("ID", &[], &title.id);
    xml.text("Title", &locale, &title.name);
    xml.open("Offers", &[]);
    xml.open("SubscriptionOffer", &[]);
    xml.open("Regions", &[]);
    xml.text("Country", &[], &setting.territory);
    xml.close("Regions");
    if let Some(from) = window.from {
        xml.text("WindowStart", &[], &from.to_string());
    }
    if let Some(until) = window.until {
        xml.text("WindowEnd", &[], &until.to_string());
    }
    // What a Fire TV hands to our app there; a show opens its page and is not played as such.
    if title.kind == Kind::Movie {
        xml.open("LaunchDetails", &[]);
        xml.text("Quality", &[], "HD");
        xml.text("LaunchId", &[], &title.links.play);
        xml.close("LaunchDetails");
    }
    xml.close("SubscriptionOffer");
    xml.close("Offers");
    xml.text("ReleaseYear", &[], &title.year.to_string());
    if let Some(synopsis) = &title.synopsis {
        xml.text("ShortDescription", &locale, synopsis);
    }
    xml.text("ImageUrl", &[], &title.artwork.poster_url);
    if let Some(runtime_s) = title.runtime_s {
        xml.text("RuntimeMinutes", &[], &runtime_s.div_ceil(60).to_string());
    }
    xml.text("Language", &[], &setting.language);
    if !title.genres.is_empty() {
        xml.open("Genres", &[]);
        for genre in &title.genres {
            xml.text("Genre", &locale, genre);
        }
        xml.close("Genres");
    }
    xml.close(name);
}

#[cfg(test)]
mod tests {
    use super::super::rules;
    use super::*;
    use crate::domain::feeds::tests::{entry, setting, title};

    #[test]
    fn works_keep_the_order_of_the_reference() {
        let mut show = title("lantern");
        (show.kind, show.runtime_s) = (Kind::Show, None);
        let sintel = title("sintel");
        let text = document(&[entry(&show, None), entry(&sintel, Some("2027-02-01T00:00:00Z"))], &setting());
        assert_eq!(rules::check(&text, "Catalog", RULES), Ok(()));
        for expected in [
            "<Partner>Bijou</Partner>",
            "<Movie><ID>sintel</ID><Title locale=\"en\">The &quot;sintel&quot; &amp; &lt;others&gt;</Title>",
            "<Country>US</Country></Regions><WindowEnd>2027-02-01T00:00:00Z</WindowEnd>",
            "<LaunchId>https://films.example/watch/sintel</LaunchId>",
            "<RuntimeMinutes>15</RuntimeMinutes>",
            "</Movie><TvShow><ID>lantern</ID>",
        ] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
    }
}
