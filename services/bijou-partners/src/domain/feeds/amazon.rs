//! Amazon's Catalog Data Format for Fire TV, version 1.3: works with their offers.
//!
//! The order of elements counts. Amazon's schema file is not in this repository (its licence says nothing of copies); the
//! order here is that of its public reference, held by [`RULES`]. Validate with `xmllint --schema catalog.xsd` before the
//! first upload. An empty `Works` means to Amazon that everything is gone, which the limit on shrinking is for.

use bijou_catalog_api::Kind;

use super::rules::{Rule, Times};
use super::xml::Xml;
use super::{Entry, Part, Setting, Window};
use crate::domain::season::PartnerEpisode;
use crate::domain::title::PartnerTitle;

const NAMESPACE: &str = "http://www.amazon.com/FireTv/2014-04-11/ingestion";

/// What works of all kinds have, and at the end what one kind has, or may have.
macro_rules! work {
    ($($own:literal),* $(; $maybe:literal)?) => {
        &[
            ("ID", Times::Once),
            ("Title", Times::Some),
            ("Offers", Times::Once),
            ("ReleaseYear", Times::Maybe),
            ("ShortDescription", Times::Any),
            ("ImageUrl", Times::Maybe),
            ("RuntimeMinutes", Times::Maybe),
            ("Language", Times::Maybe),
            ("Genres", Times::Maybe),
            $(($own, Times::Once),)*
            $(($maybe, Times::Maybe),)?
        ]
    };
}

pub(super) const RULES: &[Rule] = &[
    ("Catalog", &[("Partner", Times::Once), ("Works", Times::Once)]),
    ("Works", &[("Movie", Times::Any), ("TvShow", Times::Any), ("TvSeason", Times::Any), ("TvEpisode", Times::Any)]),
    ("Movie", work!()),
    ("TvShow", work!()),
    ("TvSeason", work!("ShowID", "SeasonInShow")),
    ("TvEpisode", work!("ShowID", "SeasonID", "EpisodeInSeason"; "OriginalAirDate")),
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
    // Each kind together: films, shows, then what is in shows.
    for (kind, name) in [(Kind::Movie, "Movie"), (Kind::Show, "TvShow")] {
        for entry in entries.iter().filter(|entry| entry.title.kind == kind) {
            work(&mut xml, name, &Work::of_title(entry.title), entry.window, setting);
        }
    }
    let parts = || entries.iter().flat_map(|entry| entry.parts.iter().map(move |part| (entry, part)));
    for (entry, part) in parts() {
        work(&mut xml, "TvSeason", &Work::of_season(part, entry.title), entry.window, setting);
    }
    for (entry, part) in parts() {
        for episode in &part.episodes {
            work(&mut xml, "TvEpisode", &Work::of_episode(episode, entry.title), entry.window, setting);
        }
    }
    xml.close("Works");
    xml.close("Catalog");
    xml.done()
}

/// What is told of a work of any kind.
struct Work<'a> {
    id: &'a str,
    name: String,
    /// What a Fire TV hands to our app. A show or a season opens its page and is not played as such.
    launch: Option<&'a str>,
    year: Option<i32>,
    synopsis: Option<&'a str>,
    image: &'a str,
    runtime_s: Option<u32>,
    genres: &'a [String],
    /// What this kind alone has, in order.
    own: Vec<(&'static str, String)>,
}

impl<'a> Work<'a> {
    fn of_title(title: &'a PartnerTitle) -> Self {
        Self {
            id: &title.id,
            name: title.name.clone(),
            launch: (title.kind == Kind::Movie).then_some(title.links.play.as_str()),
            year: Some(title.year),
            synopsis: title.synopsis.as_deref(),
            image: &title.artwork.poster_url,
            runtime_s: title.runtime_s,
            genres: &title.genres,
            own: Vec::new(),
        }
    }

    fn of_season(part: &Part<'a>, show: &'a PartnerTitle) -> Self {
        let season = part.season;
        Self {
            id: &season.id,
            name: part.name(show),
            launch: None,
            year: None,
            synopsis: season.synopsis.as_deref(),
            own: vec![("ShowID", show.id.clone()), ("SeasonInShow", season.number.to_string())],
            ..Self::of_title(show)
        }
    }

    fn of_episode(episode: &'a PartnerEpisode, show: &'a PartnerTitle) -> Self {
        let mut own = vec![
            ("ShowID", show.id.clone()),
            ("SeasonID", episode.season_id.clone()),
            ("EpisodeInSeason", episode.number.to_string()),
        ];
        // Amazon's is a time, in no zone: the beginning of the day.
        own.extend(episode.aired_on.map(|day| ("OriginalAirDate", format!("{day}T00:00:00"))));
        Self {
            id: &episode.id,
            name: episode.name.clone(),
            launch: Some(&episode.links.play),
            year: episode.aired_on.map(|day| i32::from(day.year())),
            synopsis: episode.synopsis.as_deref(),
            image: &episode.artwork.url,
            runtime_s: episode.runtime_s,
            own,
            ..Self::of_title(show)
        }
    }
}

fn work(xml: &mut Xml, kind: &str, work: &Work<'_>, window: Window, setting: &Setting) {
    let locale = [("locale", setting.language.as_str())];
    xml.open(kind, &[]);
    xml.text("ID", &[], work.id);
    xml.text("Title", &locale, &work.name);
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
    if let Some(launch) = work.launch {
        xml.open("LaunchDetails", &[]);
        xml.text("Quality", &[], "HD");
        xml.text("LaunchId", &[], launch);
        xml.close("LaunchDetails");
    }
    xml.close("SubscriptionOffer");
    xml.close("Offers");
    if let Some(year) = work.year {
        xml.text("ReleaseYear", &[], &year.to_string());
    }
    if let Some(synopsis) = work.synopsis {
        xml.text("ShortDescription", &locale, synopsis);
    }
    xml.text("ImageUrl", &[], work.image);
    if let Some(runtime_s) = work.runtime_s {
        xml.text("RuntimeMinutes", &[], &runtime_s.div_ceil(60).to_string());
    }
    xml.text("Language", &[], &setting.language);
    if !work.genres.is_empty() {
        xml.open("Genres", &[]);
        for genre in work.genres {
            xml.text("Genre", &locale, genre);
        }
        xml.close("Genres");
    }
    for (name, value) in &work.own {
        xml.text(name, &[], value);
    }
    xml.close(kind);
}

#[cfg(test)]
mod tests {
    use super::super::rules;
    use super::*;
    use crate::domain::feeds::tests::{entry, setting, show, title};

    #[test]
    fn works_keep_the_order_of_the_reference() {
        let (lantern, sintel) = (show("lantern"), title("sintel"));
        let text = document(&[entry(&lantern, None), entry(&sintel, Some("2027-02-01T00:00:00Z"))], &setting());
        assert_eq!(rules::check(&text, "Catalog", RULES), Ok(()));
        for expected in [
            "<Partner>Bijou</Partner>",
            "<Movie><ID>sintel</ID><Title locale=\"en\">The &quot;sintel&quot; &amp; &lt;others&gt;</Title>",
            "<Country>US</Country></Regions><WindowEnd>2027-02-01T00:00:00Z</WindowEnd>",
            "<LaunchId>https://films.example/watch/sintel</LaunchId>",
            "<RuntimeMinutes>15</RuntimeMinutes>",
            "</Movie><TvShow><ID>lantern</ID>",
            "</TvShow><TvSeason><ID>lantern-1</ID>",
            "<ShowID>lantern</ShowID><SeasonInShow>1</SeasonInShow></TvSeason><TvEpisode><ID>lantern-1-2</ID>",
            "<LaunchId>https://films.example/watch/lantern/lantern-1-2</LaunchId>",
            "<ShowID>lantern</ShowID><SeasonID>lantern-1</SeasonID><EpisodeInSeason>2</EpisodeInSeason>\
             <OriginalAirDate>2026-05-08T00:00:00</OriginalAirDate></TvEpisode>",
            "<ReleaseYear>2026</ReleaseYear><ShortDescription locale=\"en\">The light goes on.</ShortDescription>",
        ] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
    }
}
