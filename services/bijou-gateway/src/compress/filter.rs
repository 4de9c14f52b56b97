//! The outbound filter that decides whether an answer is compressed, and keeps its head honest about it.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use http_body::Body;

use super::{Coding, Compressed, compress, negotiate};
use crate::body::ReplyBody;
use crate::filter::{OutStep, OutboundFilter};
use crate::reply::Reply;
use crate::transit::Transit;

/// What answers can be compressed to as they pass; of equals the first, which is the cheapest for its size.
const OFFERED: [Coding; 3] = [Coding::Zstd, Coding::Brotli, Coding::Gzip];

#[derive(Debug)]
pub(crate) struct Compress;

impl OutboundFilter for Compress {
    fn name(&self) -> &'static str {
        "compress"
    }

    fn outbound<'a>(&'a self, transit: &'a mut Transit, reply: &'a mut Reply) -> OutStep<'a> {
        let settings = &transit.active.config().compression;
        if !settings.enabled || transit.route().is_some_and(|route| !route.compress) || !may_compress(reply) {
            return OutStep::Done;
        }
        add_vary(&mut reply.headers);
        let Some(coding) = transit.accepted_codings.choose(&OFFERED) else { return OutStep::Done };
        let exact = reply.body.size_hint().exact();
        if exact.is_some_and(|len| len < settings.bytes_min) || *transit.method() == Method::HEAD {
            return OutStep::Done;
        }
        let level = match coding {
            Coding::Gzip => settings.gzip_level,
            Coding::Brotli => settings.brotli_quality,
            Coding::Zstd => settings.zstd_level,
        };
        reply.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        reply.headers.remove(header::CONTENT_LENGTH);
        reply.headers.remove(header::ACCEPT_RANGES);
        reply.headers.remove(HeaderName::from_static("content-digest"));
        weaken_etag(&mut reply.headers);
        reply.body = match std::mem::take(&mut reply.body) {
            ReplyBody::Full(bytes) => ReplyBody::Full(compress(coding, level, &bytes)),
            body => ReplyBody::Compressed(Box::new(Compressed::new(body, coding, level))),
        };
        OutStep::Done
    }
}

/// Whether compressing it would be right at all, whoever asks.
fn may_compress(reply: &Reply) -> bool {
    let headers = &reply.headers;
    let has_body = !matches!(
        reply.status,
        StatusCode::NO_CONTENT
            | StatusCode::NOT_MODIFIED
            | StatusCode::PARTIAL_CONTENT
            | StatusCode::SWITCHING_PROTOCOLS
    );
    has_body
        && !headers.contains_key(header::CONTENT_ENCODING)
        && !headers.contains_key(header::CONTENT_RANGE)
        && !header_has(headers, &header::CACHE_CONTROL, "no-transform")
        && headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(negotiate::is_compressible)
}

fn header_has(headers: &HeaderMap, name: &HeaderName, directive: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(',').any(|one| one.trim().eq_ignore_ascii_case(directive)))
}

/// Caches must keep the compressed and the plain form apart.
fn add_vary(headers: &mut HeaderMap) {
    if !header_has(headers, &header::VARY, "accept-encoding") && !header_has(headers, &header::VARY, "*") {
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
}

/// The compressed form is not the bytes a strong tag promises; a weak one still says "the same content" (RFC 9110, 8.8.1).
fn weaken_etag(headers: &mut HeaderMap) {
    let Some(tag) = headers.get(header::ETAG) else { return };
    if !tag.as_bytes().starts_with(b"W/") {
        let weak = [b"W/", tag.as_bytes()].concat();
        if let Ok(weak) = HeaderValue::from_bytes(&weak) {
            headers.insert(header::ETAG, weak);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(fields: &[(HeaderName, &'static str)]) -> Reply {
        let mut reply = Reply::new(StatusCode::OK);
        for (name, value) in fields {
            reply.headers.append(name.clone(), HeaderValue::from_static(value));
        }
        reply
    }

    #[test]
    fn what_must_not_change_on_the_way_is_left_alone() {
        let json = (header::CONTENT_TYPE, "application/json");
        assert!(may_compress(&reply(std::slice::from_ref(&json))));
        for reason in [
            (header::CONTENT_ENCODING, "gzip"),
            (header::CONTENT_RANGE, "bytes 0-1/2"),
            (header::CACHE_CONTROL, "public, No-Transform"),
        ] {
            assert!(!may_compress(&reply(&[json.clone(), reason.clone()])), "{reason:?}");
        }
        assert!(!may_compress(&reply(&[])));
        let mut partial = reply(&[json]);
        partial.status = StatusCode::PARTIAL_CONTENT;
        assert!(!may_compress(&partial));
    }

    #[test]
    fn a_strong_tag_becomes_weak_and_a_weak_one_stays() {
        for (before, after) in [("\"a\"", "W/\"a\""), ("W/\"a\"", "W/\"a\"")] {
            let mut reply = reply(&[(header::ETAG, before)]);
            weaken_etag(&mut reply.headers);
            assert_eq!(reply.headers[header::ETAG], after);
        }
    }

    #[test]
    fn vary_is_added_once() {
        let mut reply = reply(&[(header::VARY, "Origin, Accept-Encoding")]);
        add_vary(&mut reply.headers);
        assert_eq!(reply.headers.get_all(header::VARY).iter().count(), 1);
    }
}
