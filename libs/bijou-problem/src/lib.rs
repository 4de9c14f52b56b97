//! Problem details (RFC 9457): one error shape for the whole platform.
//!
//! A [`Problem`] is the *answer* to a failed request, not the failure itself: services keep their own error enums and
//! turn them into problems in one table. It knows neither axum nor logging; the chassis makes responses of it and logs
//! what caused it. What is deliberately absent: `instance` (the request id says the same, and people paste it) and
//! absolute `type` URLs (`/problems/<code>` resolves against wherever the platform is served).
//!
//! ```
//! use bijou_problem::Problem;
//! use http::StatusCode;
//!
//! let problem = Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large").title("The body is too large").with("max_bytes", 1024);
//! assert_eq!(problem.to_value()["type"], "/problems/body-too-large");
//! ```

mod parse;
mod schema;
mod titles;

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

/// Media type of a problem document (RFC 9457, section 3).
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What every code is prefixed with to make the `type` member.
pub const TYPE_PREFIX: &str = "/problems/";

/// Longest text of [`Problem::told`], in bytes.
const TOLD_BYTES_MAX: usize = 2048;

/// Members this type writes itself; an extension of the same name is ignored.
const OWN_MEMBERS: [&str; 6] = ["type", "title", "status", "detail", "code", "request_id"];

/// One problem document.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The response's status, repeated in the body for those who only keep the body.
    pub status: StatusCode,
    /// Stable, kebab-case name of the kind of problem, unique over the platform: what programs branch on.
    pub code: Cow<'static, str>,
    /// One short sentence for people, the same for every occurrence of `code`.
    pub title: Cow<'static, str>,
    /// What happened this time and what to do. Never internals: a 5xx answer says what still works, not why it broke.
    pub detail: Option<String>,
    /// Id of the request that failed; the chassis and the gateway fill it in where the response is made.
    pub request_id: Option<String>,
    /// Extension members, written beside the others.
    pub extra: Map<String, Value>,
}

impl Problem {
    /// A problem whose title is the usual phrase for its status until [`Problem::title`] says better.
    pub fn new(status: StatusCode, code: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            code: code.into(),
            title: titles::usual(status),
            detail: None,
            request_id: None,
            extra: Map::new(),
        }
    }

    /// Replaces the title.
    pub fn title(mut self, title: impl Into<Cow<'static, str>>) -> Self {
        self.title = title.into();
        self
    }

    /// Says what happened this time.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds an extension member. The six members of every problem cannot be replaced this way.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(name.into(), value.into());
        self
    }

    /// Names the request this problem answers, unless it already has a name.
    ///
    /// The first one wins, because a problem passed on from an inner service should point at what failed.
    pub fn for_request(mut self, request_id: impl Into<String>) -> Self {
        self.request_id.get_or_insert_with(|| request_id.into());
        self
    }

    /// The `type` member.
    pub fn type_uri(&self) -> String {
        format!("{TYPE_PREFIX}{}", self.code)
    }

    /// Reads a problem out of an answer, `None` when the body is none.
    ///
    /// The status line wins over the body's `status`: intermediaries see and may change only the former. A body
    /// without our `code` (another platform's problem) takes it from the last segment of `type`.
    pub fn parse(status: StatusCode, body: &[u8]) -> Option<Self> {
        parse::problem(status, body)
    }

    /// The document as a JSON value.
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).expect("a problem has string keys and plain values")
    }

    /// The document as a span's attribute carries it, for whoever asks later what was answered: JSON, without `type` and
    /// `request_id`, which the code and the span say already. One that is too long keeps its four own members only.
    pub fn told(&self) -> String {
        let mut value = self.to_value();
        if let Some(members) = value.as_object_mut() {
            members.remove("type");
            members.remove("request_id");
        }
        let text = value.to_string();
        if text.len() <= TOLD_BYTES_MAX {
            return text;
        }
        let detail = self.detail.as_deref().map(|detail| detail.chars().take(TOLD_BYTES_MAX / 8).collect::<String>());
        let short = Self { detail, extra: Map::new(), request_id: None, ..self.clone() };
        let mut value = short.to_value();
        if let Some(members) = value.as_object_mut() {
            members.remove("type");
        }
        value.to_string()
    }

    /// The document as it goes on the wire.
    pub fn to_bytes(&self) -> Bytes {
        Bytes::from(serde_json::to_vec(self).expect("a problem has string keys and plain values"))
    }
}

/// `404 title-not-found: There is no such title`: for logs, and as the text of a client's error.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status.as_u16(), self.code, self.title)?;
        match &self.detail {
            Some(detail) => write!(f, " ({detail})"),
            None => Ok(()),
        }
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", &self.type_uri())?;
        map.serialize_entry("title", &self.title)?;
        map.serialize_entry("status", &self.status.as_u16())?;
        if let Some(detail) = &self.detail {
            map.serialize_entry("detail", detail)?;
        }
        map.serialize_entry("code", &self.code)?;
        if let Some(request_id) = &self.request_id {
            map.serialize_entry("request_id", request_id)?;
        }
        for (name, value) in self.extra.iter().filter(|(name, _)| !OWN_MEMBERS.contains(&name.as_str())) {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_problem_is_written_with_its_members_and_extensions() {
        let problem = Problem::new(StatusCode::NOT_FOUND, "title-not-found")
            .title("There is no such title")
            .detail("title `x` not found")
            .with("title_id", "x")
            .for_request("r-1")
            .for_request("r-2");
        assert_eq!(
            problem.to_value(),
            json!({
                "type": "/problems/title-not-found", "title": "There is no such title", "status": 404,
                "detail": "title `x` not found", "code": "title-not-found", "request_id": "r-1", "title_id": "x",
            })
        );
    }

    #[test]
    fn absent_members_are_left_out() {
        let value = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded").to_value();
        assert_eq!(
            value,
            json!({"type": "/problems/overloaded", "title": "Service unavailable", "status": 503, "code": "overloaded"})
        );
    }

    #[test]
    fn an_extension_cannot_replace_a_member() {
        let value = Problem::new(StatusCode::CONFLICT, "email-taken").with("status", 200).to_value();
        assert_eq!(value["status"], 409);
    }

    #[test]
    fn what_is_written_can_be_read_again() {
        let problem = Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large")
            .detail("at most 10 bytes")
            .with("max_bytes", 10)
            .for_request("r-1");
        assert_eq!(Problem::parse(problem.status, &problem.to_bytes()), Some(problem));
    }

    #[test]
    fn what_is_told_later_is_short_and_names_no_request() {
        let problem = Problem::new(StatusCode::CONFLICT, "too-many-streams").detail("four play").with("streams", 4);
        let told: serde_json::Value = serde_json::from_str(&problem.clone().for_request("r-1").told()).expect("JSON");
        let title = &problem.title;
        assert_eq!(
            told,
            json!({"title": title, "status": 409, "detail": "four play", "code": "too-many-streams", "streams": 4})
        );
        let long = problem.with("all", "x".repeat(TOLD_BYTES_MAX)).detail("y".repeat(10_000)).told();
        assert!(long.len() <= TOLD_BYTES_MAX, "{}", long.len());
        assert!(!long.contains("streams\":"), "{long}");
    }
}
