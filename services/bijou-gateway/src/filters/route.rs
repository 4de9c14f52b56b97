//! Who answers: the gateway's own pages, a route, or the viewer app.

use bijou_resilience::Deadline;
use http::{Method, header};

use crate::failure::Failure;
use crate::filter::{InboundFilter, Step};
use crate::routes::{Lookup, OWN_PATHS};
use crate::transit::{Chosen, Transit};

#[derive(Debug)]
pub(super) struct FindRoute;

impl InboundFilter for FindRoute {
    fn name(&self) -> &'static str {
        "route"
    }

    fn inbound<'a>(&'a self, transit: &'a mut Transit) -> Step<'a> {
        let active = std::rc::Rc::clone(&transit.active);
        let is_read = matches!(*transit.method(), Method::GET | Method::HEAD);
        if OWN_PATHS.contains(&transit.path()) {
            if !is_read {
                return Step::answer(Failure::MethodNotAllowed { allowed: "GET, HEAD".to_owned() });
            }
            transit.chosen = Chosen::Own;
            return Step::CONTINUE;
        }
        match active.table().lookup(transit.host(), transit.path(), transit.method()) {
            Lookup::Found(route) => {
                transit.deadline = Deadline::after(transit.story.started, route.timeout);
                transit.route = Some(route.index);
                transit.chosen = Chosen::Origin;
                Step::CONTINUE
            }
            Lookup::OtherMethods(methods) => {
                let mut allowed: Vec<&str> = methods.iter().map(Method::as_str).collect();
                allowed.sort_unstable();
                allowed.dedup();
                Step::answer(Failure::MethodNotAllowed { allowed: allowed.join(", ") })
            }
            Lookup::Nothing if is_read && is_for_app(transit) => {
                transit.chosen = Chosen::App;
                Step::CONTINUE
            }
            Lookup::Nothing => Step::answer(Failure::NoRoute),
        }
    }
}

/// The one page of the app that lies beside an API.
const PORTAL: &str = "/partner/portal";

/// Whether the viewer app has an answer: one of its files, or a page of it that a person opened.
fn is_for_app(transit: &Transit) -> bool {
    let shared = &transit.worker.shared;
    if shared.assets.has(transit.path()) {
        return true;
    }
    // An address below an API is no page, however politely a browser asks; nor is a missing file.
    let is_page = transit.path() == PORTAL
        || (!transit.active.table().claims_first_segment(transit.path())
            && !transit.path().starts_with("/v1/")
            && !transit.path().starts_with("/assets/"));
    is_page
        && transit
            .headers()
            .get_all(header::ACCEPT)
            .iter()
            .any(|value| value.to_str().is_ok_and(|accept| accept.contains("text/html")))
}
