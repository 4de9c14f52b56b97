//! Answers that readers may keep: strong ETag, 304, Cache-Control, Vary.
//!
//! The tag is a hash of the very bytes that would be sent, so it is strong without any bookkeeping: equal tags are
//! equal answers, in whatever language and after whatever change.
//!
//! What is answered depends on who asks: their ceiling, their country. Only what everybody gets who has not signed in
//! may be kept by shared caches, and only for them: `Vary` names `authorization`, so that neither a shared cache nor a
//! browser that changes profiles shows one viewer's answer to another.

use axum::body::Body;
use axum::response::Response;
use bijou_chassis::Reject;
use http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::domain::text::hex;

/// How long a reader may use an answer without asking.
#[derive(Debug, Clone, Copy)]
pub struct Freshness {
    pub max_age_s: u32,
}

/// Who may be shown an answer besides the one who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Everybody who is not signed in.
    Anonymous,
    /// Nobody.
    Nobody,
}

impl Sharing {
    /// The word for it in `Cache-Control`.
    pub fn directive(self) -> &'static str {
        match self {
            Self::Anonymous => "public",
            Self::Nobody => "private",
        }
    }
}

/// What answers differ by, beside the URL.
pub const VARY_BY: HeaderValue = HeaderValue::from_static("accept-language, authorization");

/// The answer `value`, or 304 when the reader has it.
pub fn answer(
    request: &HeaderMap,
    value: &impl Serialize,
    freshness: Freshness,
    sharing: Sharing,
    language: Option<&str>,
) -> Result<Response, Reject> {
    let body = serde_json::to_vec(value).map_err(Reject::internal)?;
    let tag = entity_tag(&body);
    let is_known = request.get_all(IF_NONE_MATCH).iter().any(|header| matches_tag(header, &tag));
    let mut response = Response::new(if is_known { Body::empty() } else { Body::from(body) });
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let headers = response.headers_mut();
    headers.insert(ETAG, HeaderValue::from_str(&tag).expect("hex in quotes is a header value"));
    let cache = format!("{}, max-age={}, stale-if-error=300", sharing.directive(), freshness.max_age_s);
    headers.insert(CACHE_CONTROL, HeaderValue::from_str(&cache).expect("digits and letters"));
    headers.insert(VARY, VARY_BY);
    if let Some(language) = language.and_then(|language| HeaderValue::from_str(language).ok()) {
        headers.insert(CONTENT_LANGUAGE, language);
    }
    Ok(response)
}

fn entity_tag(body: &[u8]) -> String {
    let hash = Sha256::digest(body);
    format!("\"{}\"", hex(&hash[..12]))
}

/// Weak comparison, as RFC 9110, section 13.1.2 asks for here: a proxy that compressed the answer made the tag weak.
fn matches_tag(header: &HeaderValue, tag: &str) -> bool {
    header.to_str().is_ok_and(|list| {
        list.split(',').map(str::trim).any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(if_none_match: Option<&str>, expected: StatusCode) {
        let mut request = HeaderMap::new();
        if let Some(value) = if_none_match {
            request.insert(IF_NONE_MATCH, HeaderValue::from_str(value).expect("a header value"));
        }
        let response =
            answer(&request, &"film", Freshness { max_age_s: 10 }, Sharing::Anonymous, Some("de")).expect("an answer");
        assert_eq!(response.status(), expected, "{if_none_match:?}");
        assert_eq!(response.headers()[CACHE_CONTROL], "public, max-age=10, stale-if-error=300");
        assert!(response.headers().contains_key(ETAG));
    }

    #[test]
    fn what_was_answered_to_somebody_is_theirs_alone() {
        let headers = HeaderMap::new();
        let freshness = Freshness { max_age_s: 10 };
        for (sharing, word) in [(Sharing::Anonymous, "public"), (Sharing::Nobody, "private")] {
            let response = answer(&headers, &"film", freshness, sharing, None).expect("an answer");
            let cache = response.headers()[CACHE_CONTROL].to_str().expect("text");
            assert_eq!(cache.split(',').next(), Some(word));
            assert!(response.headers()[VARY].to_str().expect("text").contains("authorization"));
        }
    }

    #[test]
    fn who_has_the_answer_is_told_so() {
        let tag = entity_tag(br#""film""#);
        check(None, StatusCode::OK);
        check(Some(&tag), StatusCode::NOT_MODIFIED);
        check(Some(&format!("\"other\", W/{tag}")), StatusCode::NOT_MODIFIED);
        check(Some("*"), StatusCode::NOT_MODIFIED);
        check(Some("\"other\""), StatusCode::OK);
        check(Some(tag.trim_matches('"')), StatusCode::OK);
    }
}
