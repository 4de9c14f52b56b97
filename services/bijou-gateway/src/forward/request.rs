//! The request as an instance gets it.

use bijou_telemetry::TraceContext;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::uri::{PathAndQuery, Uri};
use http::{Request, Version};

use crate::body::RequestBody;
use crate::transit::Transit;

pub(crate) const DEADLINE: HeaderName = HeaderName::from_static("bijou-deadline-ms");
pub(crate) const PASSPORT: HeaderName = HeaderName::from_static(bijou_passport::HEADER);
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Puts on what only the gateway may say. Everything of the kind a client sent was stripped before.
pub(super) fn complete_head(transit: &Transit, headers: &mut HeaderMap) {
    common(transit, headers);
    headers.insert(FORWARDED_FOR, transit.link.peer_value().clone());
    headers.insert(FORWARDED_PROTO, HeaderValue::from_static("http"));
    if let Some(host) = headers.get(header::HOST).cloned() {
        headers.insert(FORWARDED_HOST, host);
    }
    if transit.is_websocket {
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    }
}

/// Who asks, in which request and trace: for instances and for authorisers.
pub(crate) fn common(transit: &Transit, headers: &mut HeaderMap) {
    headers.insert(REQUEST_ID, transit.request_id_value().clone());
    headers.insert(TRACEPARENT, traceparent(transit.trace));
    if let Some(passport) = &transit.passport {
        headers.insert(PASSPORT, passport.clone());
    }
}

/// Which attempt this is in the trace, and what is left of the deadline as it begins.
pub(super) fn set_attempt(headers: &mut HeaderMap, trace: TraceContext, deadline_ms: u64) {
    headers.insert(TRACEPARENT, traceparent(trace));
    headers.insert(DEADLINE, HeaderValue::from(deadline_ms));
}

/// The request on the wire: the normalised path, the query as it came.
pub(super) fn build(transit: &Transit, headers: HeaderMap, body: RequestBody) -> Request<RequestBody> {
    let mut request = Request::new(body);
    *request.method_mut() = transit.method().clone();
    *request.version_mut() = Version::HTTP_11;
    *request.headers_mut() = headers;
    *request.uri_mut() = target(transit);
    request
}

fn target(transit: &Transit) -> Uri {
    let uri = transit.uri();
    if transit.normal_path.is_none() && uri.authority().is_none() {
        return uri.clone();
    }
    let path = transit.path();
    let target = match transit.query() {
        Some(query) => PathAndQuery::try_from(format!("{path}?{query}")),
        None => PathAndQuery::try_from(path),
    };
    // A path that was normalised consists of characters that paths may have, and the query was parsed as one.
    target.map(Uri::from).unwrap_or_default()
}

fn traceparent(trace: TraceContext) -> HeaderValue {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = *b"00-00000000000000000000000000000000-0000000000000000-00";
    let write = |text: &mut [u8], bytes: &[u8]| {
        for (index, byte) in bytes.iter().enumerate() {
            text[index * 2] = DIGITS[usize::from(byte >> 4)];
            text[index * 2 + 1] = DIGITS[usize::from(byte & 15)];
        }
    };
    write(&mut text[3..35], &trace.trace_id.to_bytes());
    write(&mut text[36..52], &trace.span_id.to_bytes());
    if trace.sampled {
        text[54] = b'1';
    }
    HeaderValue::from_bytes(&text).expect("hexadecimal digits and dashes are a header value")
}
