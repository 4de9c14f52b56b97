//! The answer as the client gets it: without what concerns only the two ends of the connection behind us.

use http::header::{self, HeaderMap, HeaderName};
use http::{Response, StatusCode};
use http_body::Body;

use crate::body::{ReplyBody, Stalled};
use crate::config::ms;
use crate::failure::Failure;
use crate::link::Tunnel;
use crate::reply::Reply;
use crate::transit::Transit;
use crate::upstream::Answer;

/// Makes a reply of an instance's answer.
pub(super) fn reply(transit: &mut Transit, answer: Answer) -> Reply {
    match answer {
        Answer::Response(response) => ordinary(transit, response),
        Answer::Switched { response, stream, early } => {
            // A tunnel only where the client asked for one and the instance agreed to the same.
            let agreed = response
                .headers()
                .get(header::UPGRADE)
                .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"));
            if !transit.is_websocket || !agreed || transit.link.is_http2 {
                let app = transit.route().map(|route| route.target.name().to_string()).unwrap_or_default();
                return Failure::OriginInvalid { app }.into();
            }
            let (mut parts, ()) = response.into_parts();
            strip_hop_by_hop(&mut parts.headers);
            parts.headers.insert(header::CONNECTION, header::HeaderValue::from_static("upgrade"));
            parts.headers.insert(header::UPGRADE, header::HeaderValue::from_static("websocket"));
            *transit.link.tunnel.borrow_mut() = Some(Tunnel { origin: stream, early });
            transit.link.decide_upgrade(true);
            Reply {
                status: StatusCode::SWITCHING_PROTOCOLS,
                headers: parts.headers,
                body: ReplyBody::Empty,
                failure: None,
            }
        }
    }
}

fn ordinary(transit: &Transit, response: Response<crate::upstream::OriginBody>) -> Reply {
    let (mut parts, body) = response.into_parts();
    strip_hop_by_hop(&mut parts.headers);
    if matches!(parts.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
        // It would be the length of what is not sent, and the two ends of our connection must agree on what is.
        parts.headers.remove(header::CONTENT_LENGTH);
    }
    let timeouts = &transit.active.config().timeouts;
    let stall_ms = if is_event_stream(&parts.headers) { timeouts.stream_idle_ms } else { timeouts.stream_stall_ms };
    let body =
        if body.is_end_stream() { ReplyBody::Empty } else { ReplyBody::Origin(Stalled::new(body, ms(stall_ms))) };
    Reply { status: parts.status, headers: parts.headers, body, failure: None }
}

/// Whether an answer is a stream of server-sent events.
pub(crate) fn is_event_stream(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|value| {
        let essence = value.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
        essence.trim_ascii().eq_ignore_ascii_case(b"text/event-stream")
    })
}

/// Removes what is said from one connection's end to the other (RFC 9110, 7.6.1), and what `Connection` declares so.
pub(crate) fn strip_hop_by_hop(headers: &mut HeaderMap) {
    const ALWAYS: [HeaderName; 6] = [
        HeaderName::from_static("keep-alive"),
        HeaderName::from_static("proxy-connection"),
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
    ];
    if headers.contains_key(header::CONNECTION) {
        let listed: Vec<HeaderName> = headers
            .get_all(header::CONNECTION)
            .iter()
            .flat_map(|value| value.as_bytes().split(|&byte| byte == b','))
            .filter_map(|name| HeaderName::from_bytes(name.trim_ascii()).ok())
            // These are not anybody's to declare away: the message would change its meaning.
            .filter(|name| {
                !matches!(
                    *name,
                    header::HOST
                        | header::CONTENT_LENGTH
                        | header::CONTENT_TYPE
                        | header::AUTHORIZATION
                        | header::COOKIE
                )
            })
            .collect();
        headers.remove(header::CONNECTION);
        for name in listed {
            headers.remove(name);
        }
    }
    for name in ALWAYS {
        headers.remove(name);
    }
}
