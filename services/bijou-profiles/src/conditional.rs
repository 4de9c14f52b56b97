//! Answers about one person: private, asked again each time, 304 when nothing has changed.

use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bijou_chassis::Reject;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The answer `value`, or 304 when the reader has it: its tag is a hash of the very bytes.
pub(crate) fn answer(request: &HeaderMap, value: &impl Serialize) -> Result<Response, Reject> {
    let body = serde_json::to_vec(value).map_err(Reject::internal)?;
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(&body)[..12]));
    if is_known(request, &tag) {
        return Ok(not_modified(&tag));
    }
    Ok(response(StatusCode::OK, &tag, Body::from(body)))
}

/// The answer `value` under a tag of the caller's.
pub(crate) fn tagged(tag: &str, value: &impl Serialize) -> Result<Response, Reject> {
    let body = serde_json::to_vec(value).map_err(Reject::internal)?;
    Ok(response(StatusCode::OK, tag, Body::from(body)))
}

pub(crate) fn not_modified(tag: &str) -> Response {
    let mut response = response(StatusCode::NOT_MODIFIED, tag, Body::empty());
    response.headers_mut().remove(CONTENT_TYPE);
    response
}

/// Weak comparison (RFC 9110, 13.1.2): the gateway makes the tag weak where it compresses.
pub(crate) fn is_known(request: &HeaderMap, tag: &str) -> bool {
    request.get_all(IF_NONE_MATCH).iter().filter_map(|header| header.to_str().ok()).any(|list| {
        list.split(',').map(str::trim).any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
    })
}

fn response(status: StatusCode, tag: &str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ETAG, HeaderValue::try_from(tag).expect("tags are quoted letters, digits and dots"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(if_none_match: &str, expected: StatusCode) {
        let request = HeaderMap::from_iter([(IF_NONE_MATCH, if_none_match.parse().expect("a header value"))]);
        let response = answer(&request, &"film").expect("an answer");
        assert_eq!(response.status(), expected, "{if_none_match}");
        assert_eq!(response.headers()[CACHE_CONTROL], "private, no-cache");
    }

    #[test]
    fn who_has_the_answer_is_told_so() {
        let fresh = answer(&HeaderMap::new(), &"film").expect("an answer");
        let tag = fresh.headers()[ETAG].to_str().expect("ASCII").to_owned();
        check(&tag, StatusCode::NOT_MODIFIED);
        check(&format!("\"other\", W/{tag}"), StatusCode::NOT_MODIFIED);
        check("\"other\"", StatusCode::OK);
    }
}
