//! Answers that their reader may keep: strong ETag, 304, private.

use axum::body::Body;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};
use sha2::{Digest, Sha256};

use crate::serving::Part;

/// How long a reader may use an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Use {
    /// So many seconds, without asking.
    For(u32),
    /// Only after asking whether it is still right: the last play counts at once.
    AfterAsking,
}

/// The part, or 304 when the reader has it.
pub(crate) fn answer(request: &HeaderMap, part: &Part, may_use: Use) -> Response {
    let is_known = request.get_all(IF_NONE_MATCH).iter().any(|header| matches_tag(header, &part.entity_tag));
    let mut response = if is_known {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        let mut response = Response::new(Body::from(part.json.clone()));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    };
    let headers = response.headers_mut();
    headers.insert(
        ETAG,
        HeaderValue::try_from(&part.entity_tag).expect("letters and digits in quotes are a header value"),
    );
    // Private even where it is nobody's: what a viewer may see depends on who they are.
    let cache = match may_use {
        Use::For(seconds) => HeaderValue::try_from(format!("private, max-age={seconds}")).expect("digits and letters"),
        Use::AfterAsking => HeaderValue::from_static("private, no-cache"),
    };
    headers.insert(CACHE_CONTROL, cache);
    response
}

/// A hash of the very bytes that are sent: equal tags are equal answers.
pub(crate) fn entity_tag(body: &[u8]) -> String {
    let hash = Sha256::digest(body);
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&hash[..12]))
}

/// Weak comparison (RFC 9110, 13.1.2): the gateway makes the tag weak where it compresses.
fn matches_tag(header: &HeaderValue, tag: &str) -> bool {
    header.to_str().is_ok_and(|list| {
        list.split(',').map(str::trim).any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
    })
}
