//! What the caller speaks: JSON or XML, full or compact, compressed or not. Pure.

use std::{borrow::Cow, time::Duration};

use crate::{documents::Form, fields::Fields};

/// The form of an answer; `None` when the caller takes neither JSON nor XML (406).
///
/// JSON if `Accept` mentions it anywhere, XML otherwise: that is how Eureka decides, and the clients know it.
pub fn answer_form(fields: Fields<'_>) -> Option<Form> {
    let accept = joined(fields, "accept");
    let is_compact = fields.get("x-eureka-accept").is_some_and(|value| value.eq_ignore_ascii_case(b"compact"));
    if accept.contains("json") {
        return Some(if is_compact { Form::JsonCompact } else { Form::Json });
    }
    let is_xml = accept.trim().is_empty()
        || accept.split(',').any(|range| {
            let kind = range.split(';').next().unwrap_or_default().trim();
            matches!(kind, "application/xml" | "application/*" | "*/*" | "*")
        });
    is_xml.then_some(if is_compact { Form::XmlCompact } else { Form::Xml })
}

/// The form of a request's body. `None` when it is neither (415).
pub fn body_form(fields: Fields<'_>) -> Option<BodyForm> {
    let content_type = joined(fields, "content-type").to_ascii_lowercase();
    let mut parts = content_type.split(';').map(str::trim);
    let is_json = match parts.next()? {
        "application/json" => true,
        "application/xml" => false,
        _ => return None,
    };
    let charset = parts.find_map(|part| part.strip_prefix("charset=")).map(|charset| charset.trim_matches('"'));
    match charset {
        None | Some("utf-8" | "utf8") => Some(BodyForm { is_json, is_latin1: false }),
        Some("iso-8859-1") => Some(BodyForm { is_json, is_latin1: true }),
        Some(_) => None,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyForm {
    pub is_json: bool,
    /// ISO-8859-1 in place of UTF-8.
    pub is_latin1: bool,
}

/// Whether the answer may be compressed.
pub fn takes_gzip(fields: Fields<'_>) -> bool {
    joined(fields, "accept-encoding").split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip") || name == "*");
        let is_refused = parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        is_gzip && !is_refused
    })
}

/// Whether a request's body is compressed. `Err` for a coding nobody agreed on (415).
pub fn is_gzip_body(fields: Fields<'_>) -> Result<bool, ()> {
    match joined(fields, "content-encoding").to_ascii_lowercase().trim() {
        "" | "identity" => Ok(false),
        "gzip" | "x-gzip" => Ok(true),
        _ => Err(()),
    }
}

/// How long a reader wants us to wait for news (`Prefer: wait=20`, RFC 7240), at most a minute.
pub fn wait(fields: Fields<'_>) -> Option<Duration> {
    let preferences = joined(fields, "prefer");
    let seconds = preferences.split([',', ';']).find_map(|one| one.trim().strip_prefix("wait="))?.trim();
    let seconds = seconds.parse::<u64>().ok()?;
    Some(Duration::from_secs(seconds.min(60)))
}

fn joined<'a>(fields: Fields<'a>, name: &str) -> Cow<'a, str> {
    let mut values = fields.texts(name);
    let first = values.next().unwrap_or_default();
    values.fold(Cow::Borrowed(first), |all, value| Cow::Owned(format!("{all},{value}")))
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().expect("name"), value.parse().expect("value"))).collect()
    }

    #[track_caller]
    fn check_answer(accept: &str, expected: Option<Form>) {
        assert_eq!(answer_form(Fields::Map(&headers(&[("accept", accept)]))), expected, "{accept}");
    }

    #[test]
    fn json_is_spoken_when_mentioned_and_xml_otherwise() {
        check_answer("application/json", Some(Form::Json));
        check_answer("text/html, application/json;q=0.5", Some(Form::Json));
        check_answer("application/json, application/*+json", Some(Form::Json));
        check_answer("*/*", Some(Form::Xml));
        check_answer("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some(Form::Xml));
        check_answer("text/html", None);
        assert_eq!(answer_form(Fields::Map(&HeaderMap::new())), Some(Form::Xml));
    }

    #[test]
    fn the_compact_form_has_a_header_of_its_own() {
        let compact = headers(&[("accept", "application/json"), ("x-eureka-accept", "Compact")]);
        assert_eq!(answer_form(Fields::Map(&compact)), Some(Form::JsonCompact));
        let full = headers(&[("x-eureka-accept", "full")]);
        assert_eq!(answer_form(Fields::Map(&full)), Some(Form::Xml));
    }

    #[track_caller]
    fn check_body(content_type: &str, expected: Option<(bool, bool)>) {
        let form = body_form(Fields::Map(&headers(&[("content-type", content_type)])));
        assert_eq!(form.map(|form| (form.is_json, form.is_latin1)), expected, "{content_type}");
    }

    #[test]
    fn bodies_are_json_or_xml_in_two_charsets() {
        check_body("application/json", Some((true, false)));
        check_body("Application/JSON; charset=UTF-8", Some((true, false)));
        check_body("application/xml;charset=\"iso-8859-1\"", Some((false, true)));
        check_body("application/json; charset=utf-16", None);
        check_body("text/plain", None);
    }

    #[test]
    fn compression_is_used_when_asked_for() {
        let takes = |value: &str| takes_gzip(Fields::Map(&headers(&[("accept-encoding", value)])));
        assert!(takes("gzip") && takes("deflate, gzip;q=0.5") && takes("*"));
        assert!(!takes("identity") && !takes("gzip;q=0") && !takes_gzip(Fields::Map(&HeaderMap::new())));
    }
}
