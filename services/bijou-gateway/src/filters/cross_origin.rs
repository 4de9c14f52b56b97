//! Pages of other origins: what a browser asks before it lets one call us, and what our answers have to say (CORS, as the
//! Fetch standard has it).
//!
//! Only routes that say `cross_origin`, and for every origin alike: whoever is behind a call is known by the token that
//! comes with it, which another page has to have in its own hands. Cookies are left out on purpose: `*` is refused by
//! browsers for calls that carry them, so that nobody's sign-in here can be used from elsewhere. `Vary` is not needed, for
//! nothing depends on who asks.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD,
};
use http::{HeaderValue, Method, StatusCode};

use crate::filter::{InboundFilter, OutStep, OutboundFilter, Step};
use crate::reply::Reply;
use crate::routes::Lookup;
use crate::transit::Transit;

const EVERYBODY: HeaderValue = HeaderValue::from_static("*");
/// Seconds a browser keeps an answer to its question; none keeps it longer than two hours.
const KEPT_S: HeaderValue = HeaderValue::from_static("7200");

/// Answers a browser's question whether another page's call may be made. The call itself is checked as any other.
#[derive(Debug)]
pub(super) struct Preflight;

impl InboundFilter for Preflight {
    fn name(&self) -> &'static str {
        "preflight"
    }

    fn inbound<'a>(&'a self, transit: &'a mut Transit) -> Step<'a> {
        if *transit.method() != Method::OPTIONS {
            return Step::CONTINUE;
        }
        let Some(asked) = transit.headers().get(ACCESS_CONTROL_REQUEST_METHOD).cloned() else { return Step::CONTINUE };
        let Ok(method) = Method::from_bytes(asked.as_bytes()) else { return Step::CONTINUE };
        let active = std::rc::Rc::clone(&transit.active);
        match active.table().lookup(transit.host(), transit.path(), &method) {
            Lookup::Found(route) if route.config.cross_origin => {}
            _ => return Step::CONTINUE,
        }
        let mut reply = Reply::new(StatusCode::NO_CONTENT)
            .header(ACCESS_CONTROL_ALLOW_ORIGIN, EVERYBODY)
            .header(ACCESS_CONTROL_ALLOW_METHODS, asked)
            .header(ACCESS_CONTROL_MAX_AGE, KEPT_S);
        // Any field may come: what is not ours to read is taken off or passed on as from any other client.
        if let Some(fields) = transit.headers().get(ACCESS_CONTROL_REQUEST_HEADERS) {
            reply = reply.header(ACCESS_CONTROL_ALLOW_HEADERS, fields.clone());
        }
        Step::answer(reply)
    }
}

/// Lets pages of other origins read the answer, refusals included.
#[derive(Debug)]
pub(super) struct AllowOrigins;

impl OutboundFilter for AllowOrigins {
    fn name(&self) -> &'static str {
        "allow-origins"
    }

    fn outbound<'a>(&'a self, transit: &'a mut Transit, reply: &'a mut Reply) -> OutStep<'a> {
        if transit.route().is_some_and(|route| route.config.cross_origin) {
            reply.headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, EVERYBODY);
            reply.headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EVERYBODY);
        }
        OutStep::Done
    }
}
