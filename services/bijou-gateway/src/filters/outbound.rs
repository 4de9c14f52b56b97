//! What every answer loses and gains on its way out.

use std::fmt::Write as _;

use http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::filter::{OutStep, OutboundFilter};
use crate::forward::REQUEST_ID;
use crate::reply::Reply;
use crate::transit::Transit;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");
const PROXY_STATUS: HeaderName = HeaderName::from_static("proxy-status");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// What may run on the viewer's pages: only what comes from here. The player needs `blob:` for media sources and
/// workers, and artwork may be inlined as `data:`.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; \
    style-src 'self' 'unsafe-inline'; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'";

/// Internal fields of a service's answer are nobody's business outside.
#[derive(Debug)]
pub(super) struct StripAnswer;

impl OutboundFilter for StripAnswer {
    fn name(&self) -> &'static str {
        "strip-answer"
    }

    fn outbound<'a>(&'a self, _: &'a mut Transit, reply: &'a mut Reply) -> OutStep<'a> {
        let internal: Vec<HeaderName> =
            reply.headers.keys().filter(|name| name.as_str().starts_with("bijou-")).cloned().collect();
        for name in internal {
            reply.headers.remove(name);
        }
        OutStep::Done
    }
}

/// What browsers must not do with our answers. A service that says otherwise is believed.
#[derive(Debug)]
pub(super) struct SecurityHeaders;

impl OutboundFilter for SecurityHeaders {
    fn name(&self) -> &'static str {
        "security-headers"
    }

    fn outbound<'a>(&'a self, _: &'a mut Transit, reply: &'a mut Reply) -> OutStep<'a> {
        let headers = &mut reply.headers;
        or_insert(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        or_insert(headers, header::REFERRER_POLICY, "strict-origin-when-cross-origin");
        let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
        if is_page {
            or_insert(headers, header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
            or_insert(headers, header::X_FRAME_OPTIONS, "DENY");
            or_insert(headers, CROSS_ORIGIN_OPENER_POLICY, "same-origin");
            or_insert(headers, PERMISSIONS_POLICY, "camera=(), microphone=(), geolocation=()");
        }
        OutStep::Done
    }
}

fn or_insert(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if !headers.contains_key(&name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// Says whose request this was, how long each part took, and, for our own problems, what went wrong (RFC 9209).
#[derive(Debug)]
pub(super) struct Report;

impl OutboundFilter for Report {
    fn name(&self) -> &'static str {
        "report"
    }

    fn outbound<'a>(&'a self, transit: &'a mut Transit, reply: &'a mut Reply) -> OutStep<'a> {
        // The gateway's id, whatever the service answered with: it is the one that logs and stories know.
        reply.headers.insert(REQUEST_ID, transit.request_id_value().clone());
        let total = transit.story.started.elapsed();
        let mut timing = String::with_capacity(48);
        let own = total.saturating_sub(transit.story.origin_time());
        let _ = write!(timing, "gateway;dur={:.3}", own.as_secs_f64() * 1000.0);
        if transit.story.origin_head.is_some() {
            let _ = write!(timing, ", origin;dur={:.3}", transit.story.origin_time().as_secs_f64() * 1000.0);
        }
        if let Ok(value) = HeaderValue::try_from(timing) {
            reply.headers.append(SERVER_TIMING, value);
        }
        if let Some(failure) = &reply.failure {
            let field = format!("bijou-gateway; error={}; details=\"{}\"", failure.proxy_error(), failure.code());
            if let Ok(value) = HeaderValue::try_from(field) {
                reply.headers.insert(PROXY_STATUS, value);
            }
        }
        if transit.worker.is_draining() && transit.version() != http::Version::HTTP_2 {
            reply.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        OutStep::Done
    }
}
