//! From records to documents: what a title must be, checked once, for every way in.

use std::collections::{BTreeMap, HashMap};

use bijou_catalog_api::{Kind, Offer};
use jiff::Timestamp;
use jiff::civil::Date;

use super::record::{Certification, CreditRecord, EpisodeRecord, OfferRecord, SeasonRecord, TextsRecord, TitleRecord};
use super::{Checked, CheckedTitle, Fault, Parsed, Place};
use crate::document::{ByLanguage, Credit, Document, Episode, Season, Texts};
use crate::domain::certification::{self, UNRATED_AGE};
use crate::domain::language::is_tag;
use crate::domain::text::{is_country, is_id, slug};
use crate::images::Role;
use crate::posters;

/// The first films were shown in 1895; what led to them is in catalogs, too.
const YEARS: std::ops::RangeInclusive<i32> = 1870..=2100;
const NAME_LETTERS_MAX: usize = 300;
const TEXT_LETTERS_MAX: usize = 10_000;
const MOODS_MAX: usize = 8;
const MOOD_LETTERS_MAX: usize = 32;
const CREDITS_MAX: usize = 500;
const EPISODES_MAX: usize = 5_000;
/// There are some 250 countries; a few windows in each.
const OFFERS_MAX: usize = 2_000;
/// The language of texts that do not name theirs.
const LANGUAGE: &str = "en";

pub(super) fn check(parsed: Parsed) -> Checked {
    let mut checked = Checked {
        titles: Vec::with_capacity(parsed.titles.len()),
        genres: BTreeMap::new(),
        mentioned: BTreeMap::new(),
        faults: parsed.faults,
    };
    for (place, genre) in parsed.genres {
        if !is_id(&genre.id) {
            checked.faults.push(Fault::at(place.member("id"), format!("`{}` cannot be an id", genre.id)));
        }
        if let Some(tag) = genre.names.keys().find(|tag| !is_tag(tag)) {
            checked.faults.push(Fault::at(place.member(tag), format!("`{tag}` is no language tag (BCP 47)")));
        }
        if genre.names.is_empty() {
            checked.faults.push(Fault::at(place.member("names"), "a genre needs a name"));
        }
        checked.genres.insert(genre.id, genre.names);
    }
    let mut lines: HashMap<String, usize> = HashMap::new();
    for (place, record) in parsed.titles {
        let mut title = TitleCheck { place: &place, faults: Vec::new(), mentioned: &mut checked.mentioned };
        let added_ms = record.added_at.map(jiff::Timestamp::as_millisecond);
        let is_withdrawn = record.withdrawn;
        let artwork = record.artwork.clone();
        let document = if is_withdrawn { title.withdrawn(record) } else { title.document(record) };
        checked.faults.append(&mut title.faults);
        let Some(document) = document else {
            continue;
        };
        let line = place.line_number();
        if let Some(first) = lines.insert(document.id.clone(), line) {
            let message = format!("`{}` is the id of line {first}, too; give one of them another `id`", document.id);
            checked.faults.push(Fault::at(place.member("id"), message));
        }
        let pictures = [(Role::Poster, artwork.poster), (Role::Backdrop, artwork.backdrop)];
        let pictures = pictures.into_iter().filter_map(|(role, path)| Some((role, path?))).collect();
        checked.titles.push(CheckedTitle { place, document, added_ms, is_withdrawn, pictures });
    }
    checked.faults.sort_by_key(|fault| fault.place.line_number());
    checked
}

/// The check of one title.
struct TitleCheck<'a> {
    place: &'a Place,
    faults: Vec<Fault>,
    mentioned: &'a mut BTreeMap<String, BTreeMap<String, String>>,
}

impl TitleCheck<'_> {
    fn wrong(&mut self, member: &str, message: impl Into<String>) {
        self.faults.push(Fault::at(self.place.member(member), message));
    }

    /// Only the id matters of a title that leaves.
    fn withdrawn(&mut self, record: TitleRecord) -> Option<Document> {
        let Some(id) = record.id.filter(|id| is_id(id)) else {
            self.wrong("withdrawn", "a title that is withdrawn is named by its `id`");
            return None;
        };
        Some(Document {
            id,
            kind: Kind::Movie,
            year: 0,
            certification_age: UNRATED_AGE,
            runtime_s: None,
            genres: Vec::new(),
            moods: Vec::new(),
            language: LANGUAGE.to_owned(),
            texts: ByLanguage::new(),
            original_language: None,
            original_name: None,
            credits: Vec::new(),
            attribution: None,
            license: None,
            seasons: Vec::new(),
            motif: None,
            offers: Vec::new(),
            popularity: 0,
        })
    }

    fn document(&mut self, record: TitleRecord) -> Option<Document> {
        let language = record.language.unwrap_or_else(|| LANGUAGE.to_owned());
        self.check_tag("language", &language);
        let name = record.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        let Some(name) = name else {
            self.wrong("name", "a title needs a `name`");
            return None;
        };
        let Some(year) = record.year else {
            self.wrong("year", "a title needs the `year` of its first release");
            return None;
        };
        if !YEARS.contains(&year) {
            self.wrong("year", format!("{year} is not between {} and {}", YEARS.start(), YEARS.end()));
        }
        let id = record.id.unwrap_or_else(|| {
            let slug = slug(&name);
            if slug.is_empty() { format!("title-{year}") } else { format!("{slug}-{year}") }
        });
        if !is_id(&id) {
            self.wrong("id", format!("`{id}` cannot be an id: letters, digits, `-`, `_` and `.`, at most 96"));
        }
        let kind = record.kind.unwrap_or(if record.seasons.is_empty() { Kind::Movie } else { Kind::Show });
        if kind == Kind::Movie && !record.seasons.is_empty() {
            self.wrong("seasons", "a movie has no seasons; is it a `show`?");
        }
        if record.runtime_s.is_some_and(|seconds| seconds == 0 || seconds > 172_800) {
            self.wrong("runtime_s", "a running time is 1 second to 48 hours");
        }
        if let Some(tag) = &record.original_language {
            self.check_tag("original_language", tag);
        }
        if let Some(motif) = record.motif.as_deref().filter(|motif| !posters::is_motif(motif)) {
            self.wrong(
                "motif",
                format!("there is no motif `{motif}`; there are {}", posters::motif_names().join(", ")),
            );
        }
        let certification_age = self.age(record.certification);
        let own = TextsRecord {
            name: Some(name),
            synopsis_short: record.synopsis_short,
            synopsis: record.synopsis,
            tagline: record.tagline,
        };
        let texts = self.texts(&language, own, record.translations);
        let genres = self.genres(record.genres, &language);
        let moods = self.moods(record.moods);
        let credits = self.credits(record.credits);
        let seasons = self.seasons(&id, &language, record.seasons);
        let offers = self.offers(record.offers);
        Some(Document {
            id,
            kind,
            year,
            certification_age,
            runtime_s: record.runtime_s,
            genres,
            moods,
            language,
            texts,
            original_language: record.original_language,
            original_name: record.original_name,
            credits,
            attribution: record.attribution,
            license: record.license,
            seasons,
            motif: record.motif,
            offers,
            popularity: record.popularity.unwrap_or(0),
        })
    }

    fn check_tag(&mut self, member: &str, tag: &str) {
        if !is_tag(tag) {
            self.wrong(member, format!("`{tag}` is no language tag (BCP 47), such as `en` or `pt-BR`"));
        }
    }

    fn age(&mut self, certification: Option<Certification>) -> u8 {
        let rating = match certification {
            None => return UNRATED_AGE,
            Some(Certification::Age(age)) => age.to_string(),
            Some(Certification::Rating(rating)) => rating,
        };
        certification::age(&rating).unwrap_or_else(|| {
            self.wrong(
                "certification",
                format!("`{rating}` is no known rating; write for example `FSK 12`, `PG-13` or an age up to 18"),
            );
            UNRATED_AGE
        })
    }

    /// Texts by language, the title's own among them. A translation without a name keeps the own one.
    fn texts(&mut self, language: &str, own: TextsRecord, others: BTreeMap<String, TextsRecord>) -> ByLanguage {
        let name = own.name.clone().unwrap_or_default();
        let mut texts = ByLanguage::new();
        for (tag, record) in others.into_iter().chain([(language.to_owned(), own)]) {
            // The own language was checked where it is written.
            if tag != language {
                self.check_tag("translations", &tag);
            }
            let name = record.name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| name.clone());
            if name.chars().count() > NAME_LETTERS_MAX {
                self.wrong("name", format!("a name has at most {NAME_LETTERS_MAX} letters"));
            }
            let long = [&record.synopsis_short, &record.synopsis, &record.tagline];
            if long.into_iter().flatten().any(|text| text.chars().count() > TEXT_LETTERS_MAX) {
                self.wrong("synopsis", format!("a text has at most {TEXT_LETTERS_MAX} letters"));
            }
            let said = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
            let (short, synopsis, tagline) = (said(record.synopsis_short), said(record.synopsis), said(record.tagline));
            texts.insert(tag, Texts { name: name.trim().to_owned(), synopsis_short: short, synopsis, tagline });
        }
        texts
    }

    fn genres(&mut self, names: Vec<String>, language: &str) -> Vec<String> {
        let mut ids = Vec::with_capacity(names.len());
        for name in names {
            let id = slug(&name);
            if id.is_empty() {
                self.wrong("genres", format!("`{name}` cannot be a genre"));
                continue;
            }
            // An id written as such is no name to show.
            let shown = if name == id { capitalised(&name) } else { name.trim().to_owned() };
            self.mentioned.entry(id.clone()).or_default().entry(language.to_owned()).or_insert(shown);
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// As they are written: a mood is found by its words and named nowhere else.
    fn moods(&mut self, words: Vec<String>) -> Vec<String> {
        let mut moods: Vec<String> = Vec::with_capacity(words.len());
        for word in words {
            let mood = word.trim().to_lowercase();
            if mood.is_empty() || mood.chars().count() > MOOD_LETTERS_MAX {
                self.wrong("moods", format!("`{word}` cannot be a mood: 1 to {MOOD_LETTERS_MAX} letters"));
            } else if !moods.contains(&mood) {
                moods.push(mood);
            }
        }
        if moods.len() > MOODS_MAX {
            self.wrong("moods", format!("{} moods; at most {MOODS_MAX} are taken", moods.len()));
        }
        moods
    }

    fn credits(&mut self, records: Vec<CreditRecord>) -> Vec<Credit> {
        if records.len() > CREDITS_MAX {
            self.wrong("credits", format!("{} credits; at most {CREDITS_MAX} are taken", records.len()));
        }
        let mut credits = Vec::with_capacity(records.len());
        for record in records {
            let name = record.name.trim().to_owned();
            let person = record.person_id.unwrap_or_else(|| slug(&name));
            if name.is_empty() || !is_id(&person) {
                self.wrong("credits", format!("`{name}` cannot be credited; a name or a `person_id` is missing"));
                continue;
            }
            credits.push(Credit { person, name, role: record.role, character: record.character });
        }
        credits
    }

    fn offers(&mut self, records: Vec<OfferRecord>) -> Vec<Offer> {
        if records.len() > OFFERS_MAX {
            self.wrong("offers", format!("{} offers; at most {OFFERS_MAX} are taken", records.len()));
        }
        let mut offers = Vec::with_capacity(records.len());
        for OfferRecord { territory, from, until } in records {
            if !is_country(&territory) {
                let message = format!("`{territory}` is no country of two capital letters (ISO 3166-1), such as `DE`");
                self.wrong("territory", message);
            }
            let from = self.time("from", from);
            let until = self.time("until", until);
            if let (Some(from), Some(until)) = (from, until)
                && from >= until
            {
                self.wrong("until", format!("an offer from {from} cannot end at {until}"));
            }
            offers.push(Offer { territory, from, until });
        }
        // Equal offers are equal whatever their order in the file.
        offers.sort_by(|one, two| (&one.territory, one.from, one.until).cmp(&(&two.territory, two.from, two.until)));
        offers.dedup();
        offers
    }

    /// A time, or the beginning of a day in UTC; whole milliseconds, which is what is stored and compared.
    fn time(&mut self, member: &str, text: Option<String>) -> Option<Timestamp> {
        let text = text?;
        let day = || format!("{text}T00:00:00Z").parse::<Timestamp>().ok();
        let time = text.parse::<Timestamp>().ok().or_else(day);
        let time = time.and_then(|time| Timestamp::from_millisecond(time.as_millisecond()).ok());
        if time.is_none() {
            let message = format!("`{text}` is neither a day nor a time: 2026-12-24, 2026-12-24T18:00:00Z");
            self.wrong(member, message);
        }
        time
    }

    /// A day of the years there are films of. Not a time: a first showing has a day wherever it was.
    fn day(&mut self, member: &str, text: &str) -> Option<Date> {
        let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
        let day = day.filter(|day| YEARS.contains(&i32::from(day.year())));
        if day.is_none() {
            let (from, to) = (YEARS.start(), YEARS.end());
            self.wrong(member, format!("`{text}` is no day between {from} and {to}, such as 2026-05-01"));
        }
        day
    }

    fn seasons(&mut self, show: &str, language: &str, records: Vec<SeasonRecord>) -> Vec<Season> {
        let mut seasons: Vec<Season> = Vec::with_capacity(records.len());
        for record in records {
            let id = record.id.unwrap_or_else(|| format!("{show}-s{}", record.number));
            if !is_id(&id) || seasons.iter().any(|season| season.id == id || season.number == record.number) {
                self.wrong("seasons", format!("season {} (`{id}`) is there twice or has no proper id", record.number));
            }
            if record.episodes.len() > EPISODES_MAX {
                self.wrong("seasons", format!("season {} has more than {EPISODES_MAX} episodes", record.number));
            }
            let own = TextsRecord { name: record.name, synopsis: record.synopsis, ..TextsRecord::default() };
            let has_texts = own.name.is_some() || own.synopsis.is_some() || !record.translations.is_empty();
            let texts = if has_texts { self.texts(language, own, record.translations) } else { ByLanguage::new() };
            let episodes = self.episodes(&id, language, record.episodes);
            seasons.push(Season { id, number: record.number, texts, episodes });
        }
        seasons.sort_by_key(|season| season.number);
        seasons
    }

    fn episodes(&mut self, season: &str, language: &str, records: Vec<EpisodeRecord>) -> Vec<Episode> {
        let mut episodes: Vec<Episode> = Vec::with_capacity(records.len());
        for record in records {
            let id = record.id.unwrap_or_else(|| format!("{season}e{}", record.number));
            if !is_id(&id) || episodes.iter().any(|episode| episode.id == id || episode.number == record.number) {
                self.wrong(
                    "episodes",
                    format!("episode {} (`{id}`) is there twice or has no proper id", record.number),
                );
            }
            let own = TextsRecord { name: Some(record.name), synopsis: record.synopsis, ..TextsRecord::default() };
            let texts = self.texts(language, own, record.translations);
            let aired_on = record.aired_on.and_then(|text| self.day("aired_on", &text));
            episodes.push(Episode { id, number: record.number, runtime_s: record.runtime_s, aired_on, texts });
        }
        episodes.sort_by_key(|episode| episode.number);
        episodes
    }
}

fn capitalised(id: &str) -> String {
    let mut letters = id.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect()).replace('-', " ")
}

#[cfg(test)]
mod tests {
    use super::super::json;
    use super::*;

    #[track_caller]
    fn faults(line: &str, expected: &[&str]) {
        let checked = check(json::read(line));
        let faults: Vec<String> = checked.faults.iter().map(ToString::to_string).collect();
        assert_eq!(faults, expected);
    }

    #[test]
    fn what_a_title_needs_is_asked_for_where_it_is_missing() {
        faults(r#"{"year": 1927}"#, &["line 1: a title needs a `name`"]);
        faults(r#"{"name": "Metropolis"}"#, &["line 1: a title needs the `year` of its first release"]);
        faults(r#"{"name": " ", "year": 1927}"#, &["line 1, column 2: a title needs a `name`"]);
    }

    #[test]
    fn every_fault_of_a_line_is_told() {
        faults(
            r#"{"name": "M", "year": 1727, "language": "de_DE", "certification": "FSK 13"}"#,
            &[
                "line 1, column 29: `de_DE` is no language tag (BCP 47), such as `en` or `pt-BR`",
                "line 1, column 15: 1727 is not between 1870 and 2100",
                "line 1, column 50: `FSK 13` is no known rating; write for example `FSK 12`, `PG-13` or an age up to 18",
            ],
        );
    }

    #[test]
    fn two_titles_of_one_id_are_refused() {
        faults(
            "{\"name\": \"M\", \"year\": 1931}\n{\"name\": \"M\", \"year\": 1931}",
            &["line 2: `m-1931` is the id of line 1, too; give one of them another `id`"],
        );
    }

    #[test]
    fn offers_have_a_country_and_end_after_they_begin() {
        faults(
            r#"{"name": "M", "year": 1931, "offers": [{"territory": "Germany"}]}"#,
            &["line 1, column 41: `Germany` is no country of two capital letters (ISO 3166-1), such as `DE`"],
        );
        faults(
            r#"{"name": "M", "year": 1931, "offers": [{"territory": "DE", "from": "2027-01-01", "until": "2027-01-01"}]}"#,
            &["line 1, column 82: an offer from 2027-01-01T00:00:00Z cannot end at 2027-01-01T00:00:00Z"],
        );
        faults(
            r#"{"name": "M", "year": 1931, "offers": [{"territory": "DE", "from": "soon"}]}"#,
            &["line 1, column 60: `soon` is neither a day nor a time: 2026-12-24, 2026-12-24T18:00:00Z"],
        );
        let checked = check(json::read(
            r#"{"name": "M", "year": 1931, "offers": [{"territory": "US"}, {"territory": "DE", "until": "2027-01-01T12:00:00+01:00"}]}"#,
        ));
        assert_eq!(checked.faults, []);
        let until = checked.titles[0].document.offers[0].until.map(|until| until.to_string());
        assert_eq!(until.as_deref(), Some("2027-01-01T11:00:00Z"), "by country, in UTC");
    }

    #[test]
    fn an_episode_has_the_day_it_was_shown_first_or_none() {
        let show = |aired: &str| {
            format!(
                r#"{{"name": "M", "year": 1931, "seasons": [{{"number": 1, "episodes": [{{"number": 1, "name": "One"{aired}}}]}}]}}"#
            )
        };
        let day = |aired: &str| {
            let checked = check(json::read(&show(aired)));
            assert_eq!(checked.faults, [], "{aired}");
            checked.titles[0].document.seasons[0].episodes[0].aired_on.map(|day| day.to_string())
        };
        assert_eq!(day(r#", "aired_on": "1931-05-11""#).as_deref(), Some("1931-05-11"));
        assert_eq!(day(""), None);
        for wrong in ["1931-13-01", "1931-05-11T20:00:00Z", "May 1931", "1700-01-01"] {
            let checked = check(json::read(&show(&format!(r#", "aired_on": "{wrong}""#))));
            let faults: Vec<String> = checked.faults.iter().map(ToString::to_string).collect();
            assert_eq!(faults.len(), 1, "{wrong}: {faults:?}");
            let expected = format!("`{wrong}` is no day between 1870 and 2100, such as 2026-05-01");
            assert!(faults[0].contains(&expected), "{faults:?}");
        }
    }

    #[test]
    fn ids_are_made_of_what_is_there() {
        let line = r#"{"name": "Short Circuits", "year": 2026, "genres": ["Film Noir", "noir"], "seasons": [
            {"number": 1, "episodes": [{"number": 2, "name": "Or"}, {"number": 1, "name": "Not"}]}]}"#;
        let checked = check(json::read(&line.replace('\n', " ")));
        assert_eq!(checked.faults, []);
        let document = &checked.titles[0].document;
        assert_eq!(document.id, "short-circuits-2026");
        assert_eq!(document.kind, Kind::Show);
        assert_eq!(document.genres, ["film-noir", "noir"]);
        assert_eq!(document.seasons[0].id, "short-circuits-2026-s1");
        assert_eq!(document.seasons[0].episodes[0].id, "short-circuits-2026-s1e1");
        assert_eq!(document.certification_age, UNRATED_AGE);
        assert_eq!(checked.mentioned["noir"]["en"], "Noir");
        assert_eq!(checked.mentioned["film-noir"]["en"], "Film Noir");
    }
}
