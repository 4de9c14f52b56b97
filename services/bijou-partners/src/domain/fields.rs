//! Which members of a title a reader wants: `fields=name,links`.

use serde_json::{Map, Value};

use super::title::PartnerTitle;

/// Members a title can have, as on the wire.
const NAMES: [&str; 14] = [
    "id",
    "kind",
    "name",
    "year",
    "genres",
    "certification_age",
    "runtime_s",
    "synopsis",
    "playable",
    "artwork",
    "offers",
    "added_at",
    "links",
    "seasons",
];

/// What was asked for; everything by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fields(Option<Vec<&'static str>>);

impl Fields {
    /// Names separated by commas. The error is the name that no title has.
    pub(crate) fn parse(text: Option<&str>) -> Result<Self, &str> {
        let Some(text) = text else { return Ok(Self(None)) };
        let known = |name| NAMES.into_iter().find(|known| *known == name).ok_or(name);
        text.split(',').map(str::trim).map(known).collect::<Result<_, _>>().map(|names| Self(Some(names)))
    }

    /// The title with these members and its id, without which nobody knows what the rest is about.
    pub(crate) fn pick(&self, title: &PartnerTitle) -> Result<Value, serde_json::Error> {
        let whole = serde_json::to_value(title)?;
        let Some(names) = &self.0 else { return Ok(whole) };
        let Value::Object(whole) = whole else { return Ok(whole) };
        let is_wanted = |name: &str| name == "id" || names.contains(&name);
        Ok(Value::Object(whole.into_iter().filter(|(name, _)| is_wanted(name)).collect::<Map<_, _>>()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::feeds::tests::title;

    #[test]
    fn a_title_has_no_member_that_cannot_be_asked_for() {
        let mut whole = title("sintel");
        let until = "2027-02-01T00:00:00Z".parse().expect("a time");
        whole.seasons = vec![crate::domain::season::tests::partner_season("sintel", 1)];
        whole.offers = vec![bijou_catalog_api::Offer { territory: "US".to_owned(), from: None, until: Some(until) }];
        let Ok(Value::Object(members)) = Fields::default().pick(&whole) else { panic!("a title is an object") };
        let mut names = NAMES.to_vec();
        names.sort_unstable();
        let mut there: Vec<_> = members.keys().map(String::as_str).collect();
        there.sort_unstable();
        assert_eq!(there, names);
    }

    #[test]
    fn only_what_is_asked_for_comes_and_the_id() {
        let picked = Fields::parse(Some("name, links")).map(|fields| fields.pick(&title("sintel")));
        let Ok(Ok(Value::Object(members))) = picked else { panic!("two fields there are") };
        let mut names: Vec<_> = members.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["id", "links", "name"]);
        assert_eq!(Fields::parse(Some("name,password")), Err("password"));
        assert_eq!(Fields::parse(Some("")), Err(""));
    }
}
