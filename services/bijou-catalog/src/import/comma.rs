//! CSV: a header and one title a record. Lists are separated by `|`; a semicolon between fields works as well.
//!
//! For flat facts. Seasons and translations have no place in a table: JSON lines do that.

use bijou_catalog_api::{CreditRole, Kind, License};

use super::record::{ArtworkRecord, Certification, CreditRecord, OfferRecord, TitleRecord};
use super::{Fault, Parsed, Place};

const COLUMNS: &[&str] = &[
    "id",
    "kind",
    "name",
    "language",
    "year",
    "genres",
    "moods",
    "runtime_s",
    "runtime_min",
    "certification",
    "synopsis_short",
    "synopsis",
    "tagline",
    "original_language",
    "original_name",
    "directors",
    "creators",
    "writers",
    "composers",
    "cast",
    "attribution",
    "license",
    "license_url",
    "poster",
    "backdrop",
    "motif",
    "offers",
    "popularity",
    "added_at",
];

pub(super) fn read(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let header = text.lines().next().unwrap_or_default();
    let delimiter = if header.contains(';') && !header.contains(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(text.as_bytes());
    let columns: Vec<String> = match reader.headers() {
        Ok(headers) => headers.iter().map(str::to_owned).collect(),
        Err(error) => {
            parsed.faults.push(Fault::at(Place::line(1), error.to_string()));
            return parsed;
        }
    };
    for (at, column) in columns.iter().enumerate() {
        if !COLUMNS.contains(&column.as_str()) {
            let message = format!("there is no column `{column}`; there are {}", COLUMNS.join(", "));
            parsed.faults.push(Fault::at(Place::field(1, at + 1, column), message));
        }
    }
    if !parsed.faults.is_empty() {
        return parsed;
    }
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line) as usize;
                match title(line, &columns, &record) {
                    Ok(title) => parsed.titles.push((Place::line(line), title)),
                    Err(faults) => parsed.faults.extend(faults),
                }
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line) as usize;
                let message = match error.kind() {
                    csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                        format!(
                            "this record has {len} fields where the header has {expected_len}; put quotes around a text with a comma"
                        )
                    }
                    _ => error.to_string(),
                };
                parsed.faults.push(Fault::at(Place::line(line), message));
            }
        }
    }
    parsed
}

fn title(line: usize, columns: &[String], record: &csv::StringRecord) -> Result<TitleRecord, Vec<Fault>> {
    let mut title = TitleRecord::default();
    let mut faults = Vec::new();
    let mut license_url = None;
    for (at, (column, value)) in columns.iter().zip(record).enumerate().filter(|(_, (_, value))| !value.is_empty()) {
        let mut wrong = |message: String| faults.push(Fault::at(Place::field(line, at + 1, column), message));
        let text = || Some(value.to_owned());
        match column.as_str() {
            "id" => title.id = text(),
            "kind" => match value.to_ascii_lowercase().as_str() {
                "movie" => title.kind = Some(Kind::Movie),
                "show" => title.kind = Some(Kind::Show),
                _ => wrong(format!("`{value}` is no kind; there are movie, show")),
            },
            "name" => title.name = text(),
            "language" => title.language = text(),
            "year" => match value.parse() {
                Ok(year) => title.year = Some(year),
                Err(_) => wrong(format!("`{value}` is no year")),
            },
            "genres" => title.genres = list(value).map(str::to_owned).collect(),
            "moods" => title.moods = list(value).map(str::to_owned).collect(),
            "runtime_s" | "runtime_min" => match value.parse::<u32>() {
                Ok(number) => title.runtime_s = Some(number.saturating_mul(if column == "runtime_s" { 1 } else { 60 })),
                Err(_) => wrong(format!("`{value}` is no whole number")),
            },
            "certification" => title.certification = Some(Certification::Rating(value.to_owned())),
            "synopsis_short" => title.synopsis_short = text(),
            "synopsis" => title.synopsis = text(),
            "tagline" => title.tagline = text(),
            "original_language" => title.original_language = text(),
            "original_name" => title.original_name = text(),
            "directors" => credits(&mut title, value, CreditRole::Director),
            "creators" => credits(&mut title, value, CreditRole::Creator),
            "writers" => credits(&mut title, value, CreditRole::Writer),
            "composers" => credits(&mut title, value, CreditRole::Composer),
            "cast" => credits(&mut title, value, CreditRole::Actor),
            "attribution" => title.attribution = text(),
            "license" => title.license = Some(License { id: value.to_owned(), url: None }),
            "license_url" => license_url = text(),
            "poster" => title.artwork = ArtworkRecord { poster: Some(value.into()), ..title.artwork },
            "backdrop" => title.artwork = ArtworkRecord { backdrop: Some(value.into()), ..title.artwork },
            "motif" => title.motif = text(),
            "offers" => title.offers = list(value).map(offer).collect(),
            "popularity" => match value.parse() {
                Ok(number) => title.popularity = Some(number),
                Err(_) => wrong(format!("`{value}` is no whole number")),
            },
            "added_at" => match value.parse() {
                Ok(time) => title.added_at = Some(time),
                Err(_) => wrong(format!("`{value}` is no time such as 2026-11-01T20:15:00Z")),
            },
            _ => unreachable!("the header was checked"),
        }
    }
    if let Some(license) = &mut title.license {
        license.url = license_url;
    }
    if faults.is_empty() { Ok(title) } else { Err(faults) }
}

fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split('|').map(str::trim).filter(|item| !item.is_empty())
}

/// `DE 2026-12-24..2027-06-30`; either time may be missing, or both with the dots.
fn offer(item: &str) -> OfferRecord {
    let (territory, times) = item.split_once(' ').unwrap_or((item, ".."));
    let said = |time: &str| Some(time.trim().to_owned()).filter(|time| !time.is_empty());
    // Without dots it is read as a beginning; the check says what is wrong with it when it is none.
    let (from, until) = times.split_once("..").unwrap_or((times, ""));
    OfferRecord { territory: territory.to_owned(), from: said(from), until: said(until) }
}

/// `Brigitte Helm as Maria | Gustav Fröhlich`.
fn credits(title: &mut TitleRecord, value: &str, role: CreditRole) {
    title.credits.extend(list(value).map(|item| {
        let (name, character) = match item.split_once(" as ") {
            Some((name, character)) if role == CreditRole::Actor => (name, Some(character.trim().to_owned())),
            _ => (item, None),
        };
        CreditRecord { name: name.trim().to_owned(), role, character, person_id: None }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let faults: Vec<String> = read(text).faults.iter().map(ToString::to_string).collect();
        assert_eq!(faults, expected);
    }

    #[test]
    fn a_table_becomes_titles() {
        let parsed = read(
            "name;year;genres;moods;cast;runtime_min\nMetropolis;1927;Science Fiction | Drama;Cold|Vast;\"Brigitte Helm as Maria|Gustav Fröhlich\";153\n",
        );
        assert_eq!(parsed.faults, []);
        let (_, title) = &parsed.titles[0];
        assert_eq!(title.genres, ["Science Fiction", "Drama"]);
        assert_eq!(title.moods, ["Cold", "Vast"]);
        assert_eq!(title.credits[0].character.as_deref(), Some("Maria"));
        assert_eq!(title.credits[1].name, "Gustav Fröhlich");
        assert_eq!(title.runtime_s, Some(9180));
    }

    #[test]
    fn offers_are_a_country_and_two_times_with_dots() {
        let parsed = read("name,year,offers\nM,1931,DE 2026-12-24..2027-01-01T12:00:00Z | US ..2027-01-01|FR\n");
        let offers: Vec<_> = parsed.titles[0].1.offers.iter().collect();
        let shown: Vec<_> = offers
            .iter()
            .map(|offer| (offer.territory.as_str(), offer.from.as_deref(), offer.until.as_deref()))
            .collect();
        let expected = [
            ("DE", Some("2026-12-24"), Some("2027-01-01T12:00:00Z")),
            ("US", None, Some("2027-01-01")),
            ("FR", None, None),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_fault_is_told_with_line_and_column() {
        check(
            "name,jear\nA,1927\n",
            &[
                "line 1, column 2 (jear): there is no column `jear`; there are id, kind, name, language, year, genres, moods, runtime_s, runtime_min, certification, synopsis_short, synopsis, tagline, original_language, original_name, directors, creators, writers, composers, cast, attribution, license, license_url, poster, backdrop, motif, offers, popularity, added_at",
            ],
        );
        check("name,year\nA,1927\nB,soon\n", &["line 3, column 2 (year): `soon` is no year"]);
        check("name,year\n\"A\nB\",1927\nC,x\n", &["line 4, column 2 (year): `x` is no year"]);
        check(
            "name,year\nThe Good, the Bad,1966\n",
            &["line 2: this record has 3 fields where the header has 2; put quotes around a text with a comma"],
        );
        check("name,kind\nA,opera\n", &["line 2, column 2 (kind): `opera` is no kind; there are movie, show"]);
    }
}
