//! Reading a problem out of somebody's answer.
//!
//! Lenient on purpose: the sender may be of another version or another platform, and a reader that fails on a missing
//! `title` only hides the error the user should hear of. What is not an object with a `type` or `code` is no problem.

use std::borrow::Cow;

use http::StatusCode;
use serde_json::{Map, Value};

use crate::{OWN_MEMBERS, Problem, titles};

pub(crate) fn problem(status: StatusCode, body: &[u8]) -> Option<Problem> {
    let Value::Object(mut members) = serde_json::from_slice::<Value>(body).ok()? else {
        return None;
    };
    let code = code(&members)?;
    let title = text(&members, "title").map_or_else(|| titles::usual(status), Cow::Owned);
    let detail = text(&members, "detail");
    let request_id = text(&members, "request_id");
    for name in OWN_MEMBERS {
        members.remove(name);
    }
    Some(Problem { status, code: Cow::Owned(code), title, detail, request_id, extra: members })
}

fn code(members: &Map<String, Value>) -> Option<String> {
    if let Some(code) = text(members, "code") {
        return Some(code);
    }
    let type_uri = text(members, "type")?;
    // RFC 9457, 4.2.1: "about:blank" says that the status is all there is.
    let last = type_uri.rsplit(['/', ':', '#']).next().unwrap_or_default();
    (!last.is_empty()).then(|| last.to_owned())
}

fn text(members: &Map<String, Value>, name: &str) -> Option<String> {
    members.get(name).and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected_code: Option<&str>) {
        let found = problem(StatusCode::BAD_GATEWAY, body.as_bytes());
        assert_eq!(found.as_ref().map(|found| found.code.as_ref()), expected_code);
    }

    #[test]
    fn only_an_object_with_a_code_or_a_type_is_a_problem() {
        check(r#"{"code":"title-not-found"}"#, Some("title-not-found"));
        check(r#"{"type":"https://example.org/probs/out-of-credit"}"#, Some("out-of-credit"));
        check(r#"{"type":"about:blank"}"#, Some("blank"));
        check(r#"{"error":"invalid_grant"}"#, None);
        check(r#"["code"]"#, None);
        check("<html>", None);
        check("", None);
    }

    #[test]
    fn the_status_line_wins_over_the_body() {
        let found = problem(StatusCode::BAD_GATEWAY, br#"{"code":"x","status":404}"#).expect("a problem");
        assert_eq!(found.status, StatusCode::BAD_GATEWAY);
        assert_eq!(found.title, "Bad gateway");
        assert!(found.extra.is_empty());
    }
}
