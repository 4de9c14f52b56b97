//! Rules for JSON forms: which fields have to be there and what their values look like.
//!
//! What the readers of a form say they demand, each rule set named beside its form; fields without a rule are left alone,
//! for readers pass over what they do not know.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;
use url::Url;

use super::Mistake;

/// What a value has to be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// Some text, at most so many characters.
    Text(usize),
    /// One of these words.
    Word(&'static [&'static str]),
    /// An absolute `http` or `https` address.
    Address,
    /// RFC 3339 with its zone.
    Time,
    /// A year of films, as number or as text.
    Year,
    /// A day without a time: `2026-05-01`.
    Day,
    /// A whole number from one.
    Count,
    /// A whole number: a season of what is outside of all seasons is number 0.
    Number,
    /// A word of a list that is too long to be named in a mistake.
    Known {
        what: &'static str,
        is_known: fn(&str) -> bool,
    },
    /// ISO 3166-1 alpha-2 in capitals.
    Country,
    /// A language tag: two or three letters, more after dashes.
    Language,
    Object(&'static [Field]),
    /// An object whose fields depend on the word that this field has.
    Kinds(&'static str, &'static [(&'static str, &'static [Field])]),
    /// One or more.
    List(&'static Shape),
    /// None or more, with this field different in each.
    Distinct(&'static str, &'static Shape),
}

/// A field of an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    name: &'static str,
    is_needed: bool,
    shape: Shape,
}

pub(super) const fn needed(name: &'static str, shape: Shape) -> Field {
    Field { name, is_needed: true, shape }
}

pub(super) const fn maybe(name: &'static str, shape: Shape) -> Field {
    Field { name, is_needed: false, shape }
}

/// Whether a document keeps the rules.
pub(super) fn check(document: &str, rules: &'static [Field]) -> Result<(), Mistake> {
    let value: Value = serde_json::from_str(document).map_err(|_| Mistake::NotJson)?;
    fits(&value, Shape::Object(rules), "")
}

fn fits(value: &Value, shape: Shape, place: &str) -> Result<(), Mistake> {
    let wrong = |expected: String| Err(Mistake::Value { place: place.to_owned(), expected });
    let text = value.as_str().unwrap_or_default();
    match shape {
        Shape::Text(most) if text.trim().is_empty() || text.chars().count() > most => {
            wrong(format!("text of at most {most} characters"))
        }
        Shape::Word(words) if !words.contains(&text) => wrong(format!("one of {}", words.join(", "))),
        Shape::Address if !is_address(text) => wrong("an absolute http address".to_owned()),
        Shape::Time if text.parse::<Timestamp>().is_err() => wrong("a time with its zone".to_owned()),
        Shape::Year if !is_year(value) => wrong("a year".to_owned()),
        Shape::Day if !is_day(text) => wrong("a day".to_owned()),
        Shape::Count if value.as_u64().is_none_or(|count| count == 0) => wrong("a whole number from one".to_owned()),
        Shape::Number if value.as_u64().is_none() => wrong("a whole number".to_owned()),
        Shape::Kinds(key, kinds) => {
            if let Some((_, fields)) = kinds.iter().find(|(kind, _)| value[key].as_str() == Some(*kind)) {
                return object(value, fields, place);
            }
            let words: Vec<_> = kinds.iter().map(|(kind, _)| *kind).collect();
            let place = format!("{place}/{key}");
            Err(Mistake::Value { place, expected: format!("one of {}", words.join(", ")) })
        }
        Shape::Known { what, is_known } if !is_known(text) => wrong(what.to_owned()),
        Shape::Country if !is_country(text) => wrong("a country of two capital letters".to_owned()),
        Shape::Language if !is_language(text) => wrong("a language".to_owned()),
        Shape::Object(fields) => object(value, fields, place),
        Shape::List(shape) => match value.as_array().filter(|items| !items.is_empty()) {
            Some(items) => each(items, *shape, place),
            None => wrong("a list with something in it".to_owned()),
        },
        Shape::Distinct(key, shape) => match value.as_array() {
            Some(items) => {
                each(items, *shape, place)?;
                let mut seen = HashSet::new();
                match items.iter().find(|item| !seen.insert(item[key].as_str())) {
                    Some(twice) => wrong(format!("a list with each `{key}` once, but {} is there twice", twice[key])),
                    None => Ok(()),
                }
            }
            None => wrong("a list".to_owned()),
        },
        _ => Ok(()),
    }
}

fn object(value: &Value, fields: &'static [Field], place: &str) -> Result<(), Mistake> {
    let Some(object) = value.as_object() else {
        return Err(Mistake::Value { place: place.to_owned(), expected: "an object".to_owned() });
    };
    for field in fields {
        match object.get(field.name) {
            Some(value) => fits(value, field.shape, &format!("{place}/{}", field.name))?,
            None if field.is_needed => {
                let parent = if place.is_empty() { "the document" } else { place };
                return Err(Mistake::Missing { parent: parent.to_owned(), child: field.name.to_owned() });
            }
            None => {}
        }
    }
    Ok(())
}

fn each(items: &[Value], shape: Shape, place: &str) -> Result<(), Mistake> {
    items.iter().enumerate().try_for_each(|(at, item)| fits(item, shape, &format!("{place}/{at}")))
}

fn is_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn is_year(value: &Value) -> bool {
    let year = value.as_i64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
    year.is_some_and(|year| (1_880..=2_200).contains(&year))
}

fn is_day(text: &str) -> bool {
    text.parse::<Date>().is_ok_and(|day| day.to_string() == text)
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_first = |part: &str| matches!(part.len(), 2 | 3) && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    parts.next().is_some_and(is_first) && parts.all(|part| (1..=8).contains(&part.len()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const RULES: &[Field] = &[
        needed("version", Shape::Word(&["1"])),
        needed(
            "assets",
            Shape::Distinct(
                "id",
                &Shape::Object(&[
                    needed("id", Shape::Text(5)),
                    maybe("url", Shape::Address),
                    maybe("at", Shape::Time),
                    maybe("year", Shape::Year),
                    maybe("day", Shape::Day),
                    maybe("seconds", Shape::Count),
                    maybe("countries", Shape::List(&Shape::Country)),
                    maybe("language", Shape::Language),
                    maybe("count", Shape::Known { what: "a number we know", is_known: |word| word == "four" }),
                    maybe("season", Shape::Number),
                    maybe(
                        "part",
                        Shape::Kinds(
                            "type",
                            &[
                                ("film", &[needed("year", Shape::Year)]),
                                ("episode", &[needed("number", Shape::Number)]),
                            ],
                        ),
                    ),
                ]),
            ),
        ),
    ];

    #[track_caller]
    fn check_value(document: &Value, expected: Result<(), &str>) {
        let found = check(&document.to_string(), RULES).map_err(|mistake| mistake.to_string());
        assert_eq!(found.as_ref().copied().map_err(String::as_str), expected, "{document}");
    }

    fn with(field: &str, value: Value) -> Value {
        let mut asset = json!({ "id": "a", "more": "is passed over" });
        asset[field] = value;
        json!({ "version": "1", "assets": [asset] })
    }

    #[test]
    fn what_has_to_be_there_is_asked_for_by_its_place() {
        check_value(&json!({ "version": "1", "assets": [] }), Ok(()));
        check_value(&json!({ "assets": [] }), Err("`version` is missing in `the document`"));
        check_value(&json!({ "version": "1", "assets": [{}] }), Err("`id` is missing in `/assets/0`"));
        check_value(&json!({ "version": "2", "assets": [] }), Err("`/version` is not one of 1"));
        check_value(&json!({ "version": "1", "assets": {} }), Err("`/assets` is not a list"));
        check_value(&json!([]), Err("`` is not an object"));
        let twice = json!({ "version": "1", "assets": [{ "id": "a" }, { "id": "a" }] });
        check_value(&twice, Err("`/assets` is not a list with each `id` once, but \"a\" is there twice"));
        assert_eq!(check("{", RULES), Err(Mistake::NotJson));
    }

    #[test]
    fn values_look_as_they_should() {
        for (field, good, bad) in [
            ("id", json!("abcde"), json!("abcdef")),
            ("id", json!("a"), json!(" ")),
            ("url", json!("https://films.example/x"), json!("/x")),
            ("url", json!("http://films.example"), json!("mailto:a@b.example")),
            ("at", json!("2027-01-15T08:00:00Z"), json!("2027-01-15")),
            ("year", json!(2010), json!(10)),
            ("year", json!("2010"), json!("soon")),
            ("day", json!("2026-05-01"), json!("2026-05-01T20:00:00Z")),
            ("day", json!("2024-02-29"), json!("2026-02-29")),
            ("seconds", json!(1), json!(0)),
            ("countries", json!(["US"]), json!(["us"])),
            ("countries", json!(["US", "DE"]), json!([])),
            ("count", json!("four"), json!("five")),
            ("language", json!("pt-BR"), json!("Portuguese")),
            ("season", json!(0), json!(-1)),
            ("part", json!({ "type": "film", "year": 2010 }), json!({ "type": "film", "number": 1 })),
            ("part", json!({ "type": "episode", "number": 1 }), json!({ "type": "song" })),
            ("part", json!({ "type": "episode", "number": 0 }), json!({ "number": 1 })),
        ] {
            check_value(&with(field, good), Ok(()));
            assert!(check(&with(field, bad.clone()).to_string(), RULES).is_err(), "{field}: {bad}");
        }
    }
}
