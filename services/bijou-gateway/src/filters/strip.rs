//! What a client may not say: internal headers, forwarding it did not do, and what hops say to each other.

use http::header::{self, HeaderName};
use http::{Method, Version};

use crate::compress::Accepted;
use crate::failure::Failure;
use crate::filter::{InboundFilter, Step};
use crate::transit::Transit;

#[derive(Debug)]
pub(super) struct StripHeaders;

impl InboundFilter for StripHeaders {
    fn name(&self) -> &'static str {
        "strip-headers"
    }

    fn inbound<'a>(&'a self, transit: &'a mut Transit) -> Step<'a> {
        let websocket = match wants_websocket(transit) {
            Ok(wants) => wants,
            Err(failure) => return Step::answer(failure),
        };
        transit.is_websocket = websocket;
        transit.accepted_codings = transit
            .headers()
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .map(Accepted::of)
            .unwrap_or_default();
        transit.user_agent = transit.headers().get(header::USER_AGENT).cloned();
        let headers = transit.headers_mut();
        crate::forward::strip_hop_by_hop(headers);
        let forbidden: Vec<HeaderName> = headers.keys().filter(|name| is_forbidden(name.as_str())).cloned().collect();
        for name in forbidden {
            headers.remove(name);
        }
        Step::CONTINUE
    }
}

/// Names only the gateway writes, with a dash or, as some frameworks read it, an underscore; and fields that change what
/// a request means behind our back.
fn is_forbidden(name: &str) -> bool {
    // Names arrive in lower case. Nearly all are settled by their first letter.
    match name.as_bytes()[0] {
        b'b' => is_internal(name) || name == "baggage",
        b'f' => name == "forwarded",
        b'p' => matches!(name, "proxy" | "proxy-authorization"),
        b'v' => name == "via",
        b'x' => {
            starts_with_word(name, "x", &["forwarded", "bijou", "envoy", "netflix", "original", "rewrite"])
                || matches!(
                    name,
                    "x-request-id"
                        | "x_request_id"
                        | "x-real-ip"
                        | "x_real_ip"
                        | "x-client-ip"
                        | "x-cluster-client-ip"
                        | "x-http-method"
                        | "x-http-method-override"
                        | "x-method-override"
                )
        }
        b't' => matches!(name, "true-client-ip" | "tracestate"),
        b'c' => name == "cf-connecting-ip",
        _ => false,
    }
}

fn is_internal(name: &str) -> bool {
    name.strip_prefix("bijou").is_some_and(|rest| rest.starts_with(['-', '_']))
}

/// Whether a name is `x-<word>…`, whichever of dash and underscore separates.
fn starts_with_word(name: &str, first: &str, words: &[&str]) -> bool {
    let Some(rest) = name.strip_prefix(first).and_then(|rest| rest.strip_prefix(['-', '_'])) else { return false };
    words.iter().any(|word| rest.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_'])))
}

/// Whether this is a proper WebSocket handshake (RFC 6455, section 4.1). Any other upgrade is simply not offered.
fn wants_websocket(transit: &Transit) -> Result<bool, Failure> {
    let headers = transit.headers();
    let Some(upgrade) = headers.get(header::UPGRADE) else { return Ok(false) };
    let asks = upgrade.as_bytes().eq_ignore_ascii_case(b"websocket")
        && headers.get_all(header::CONNECTION).iter().any(|value| {
            value.as_bytes().split(|&byte| byte == b',').any(|one| one.trim_ascii().eq_ignore_ascii_case(b"upgrade"))
        });
    if !asks || transit.version() != Version::HTTP_11 {
        return Ok(false);
    }
    let bad = |detail: &'static str| Failure::BadRequest { code: "bad-websocket-handshake", detail: detail.into() };
    if *transit.method() != Method::GET {
        return Err(bad("a WebSocket begins with GET"));
    }
    if headers.get(header::SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(bad("the WebSocket version spoken here is 13"));
    }
    let key_is_right = headers.get(header::SEC_WEBSOCKET_KEY).is_some_and(|key| {
        let key = key.as_bytes();
        key.len() == 24
            && key.ends_with(b"==")
            && key[..22].iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
    });
    if key_is_right { Ok(true) } else { Err(bad("Sec-WebSocket-Key is not a base64 encoded nonce of 16 bytes")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_and_forwarding_names_are_forbidden_in_either_spelling() {
        for name in [
            "bijou-passport",
            "bijou_passport",
            "bijou-deadline-ms",
            "bijou-priority",
            "bijou-anything",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-prefix",
            "x_forwarded_for",
            "x-bijou-account",
            "x-real-ip",
            "x-request-id",
            "x_request_id",
            "x-original-url",
            "x-rewrite-url",
            "x-http-method-override",
            "proxy",
            "proxy-authorization",
            "baggage",
            "via",
        ] {
            assert!(is_forbidden(name), "{name}");
        }
    }

    #[test]
    fn ordinary_names_pass() {
        for name in [
            "accept",
            "authorization",
            "bijoux",
            "content-type",
            "cookie",
            "x-forwardedness",
            "x-api-key",
            "x",
            "x-",
            "pragma",
            "te-amo",
            "traceparent",
            "if-none-match",
            "range",
        ] {
            assert!(!is_forbidden(name), "{name}");
        }
    }
}
