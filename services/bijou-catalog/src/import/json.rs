//! JSON lines: one object a line, empty lines between them allowed.

use serde::Deserialize;

use super::record::{GenreRecord, TitleRecord};
use super::{Fault, Parsed, Place};

/// What a line is about; everything else in it is read afterwards, where it can be told apart from a mistake.
#[derive(Deserialize)]
struct Type {
    #[serde(rename = "type")]
    type_: Option<String>,
}

pub(super) fn read(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    for (at, line) in text.lines().enumerate() {
        let number = at + 1;
        if line.trim().is_empty() {
            continue;
        }
        let type_ = match serde_json::from_str::<Type>(line) {
            Ok(type_) => type_.type_,
            Err(error) => {
                parsed.faults.push(fault(number, &error, line));
                continue;
            }
        };
        let place = Place::json(number, line);
        match type_.as_deref() {
            None | Some("title") => match serde_json::from_str::<TitleRecord>(line) {
                Ok(record) => parsed.titles.push((place, record)),
                Err(error) => parsed.faults.push(fault(number, &error, line)),
            },
            Some("genre") => match serde_json::from_str::<GenreRecord>(line) {
                Ok(record) => parsed.genres.push((place, record)),
                Err(error) => parsed.faults.push(fault(number, &error, line)),
            },
            Some(other) => {
                let message = format!("there is no type `{other}`; there are `title` and `genre`");
                parsed.faults.push(Fault::at(place.member("type"), message));
            }
        }
    }
    parsed
}

fn fault(line: usize, error: &serde_json::Error, text: &str) -> Fault {
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    // The parser counts bytes; people count letters. Column 0 is its word for "before the first".
    let column = text.get(..error.column()).map_or(error.column(), |before| before.chars().count()).max(1);
    Fault::at(Place::column(line, column), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let faults: Vec<String> = read(text).faults.iter().map(ToString::to_string).collect();
        assert_eq!(faults, [expected]);
    }

    #[test]
    fn a_fault_is_told_with_line_and_column() {
        check(
            "{\"name\": \"A\", \"year\": 1927}\n\n{\"name\": \"B\", \"year\": }",
            "line 3, column 23: expected value",
        );
        check(
            "{\"name\": \"Ä\", \"jear\": 1927}",
            "line 1, column 20: unknown field `jear`, expected one of `type`, `id`, `kind`, `name`, `language`, `year`, `genres`, `moods`, `runtime_s`, `certification`, `synopsis_short`, `synopsis`, `tagline`, `translations`, `original_language`, `original_name`, `credits`, `attribution`, `license`, `seasons`, `artwork`, `motif`, `offers`, `popularity`, `added_at`, `withdrawn`",
        );
        check("{\"year\": \"1927\"}", "line 1, column 15: invalid type: string \"1927\", expected i32");
        check(
            "{\"credits\": [{\"name\": \"X\", \"role\": \"gaffer\"}]}",
            "line 1, column 43: unknown variant `gaffer`, expected one of `director`, `creator`, `writer`, `producer`, `composer`, `cinematographer`, `editor`, `actor`",
        );
        check("[1]", "line 1, column 2: invalid type: integer `1`, expected a string");
        check("{\"type\": \"person\"}", "line 1, column 2: there is no type `person`; there are `title` and `genre`");
    }

    #[test]
    fn titles_and_genres_may_be_mixed() {
        let parsed = read(
            "{\"name\": \"A\", \"year\": 1927}\n{\"type\": \"genre\", \"id\": \"noir\", \"names\": {\"en\": \"Noir\"}}\n",
        );
        assert_eq!((parsed.titles.len(), parsed.genres.len(), parsed.faults.len()), (1, 1, 0));
    }
}
