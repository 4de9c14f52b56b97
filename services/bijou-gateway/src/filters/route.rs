//! Who answers: the gateway's own pages, a route, or the viewer app.

use bijou_resilience::Deadline;
use http::{HeaderMap, Method, header};

use crate::assets::AssetStore;
use crate::failure::Failure;
use crate::filter::{InboundFilter, Step};
use crate::routes::{Lookup, OWN_PATHS, Route, RouteTable};
use crate::transit::{Chosen, Transit};

#[derive(Debug)]
pub(super) struct FindRoute;

impl InboundFilter for FindRoute {
    fn name(&self) -> &'static str {
        "route"
    }

    fn inbound<'a>(&'a self, transit: &'a mut Transit) -> Step<'a> {
        let active = std::rc::Rc::clone(&transit.active);
        let assets = transit.worker.shared.assets;
        let found = match find(active.table(), assets, transit.host(), transit.path(), transit.method()) {
            Ok(found) => found,
            Err(failure) => return Step::answer(failure),
        };
        transit.chosen = match found {
            Found::Own => Chosen::Own,
            Found::Route(route) => {
                transit.deadline = Deadline::after(transit.story.started, route.timeout);
                transit.route = Some(route.index);
                Chosen::Origin
            }
            Found::File => Chosen::App,
            Found::Page if accepts_pages(transit.headers()) => Chosen::App,
            Found::Page => return Step::answer(Failure::NoRoute),
        };
        Step::CONTINUE
    }
}

/// Who is responsible for a path.
#[derive(Debug)]
pub(crate) enum Found<'a> {
    /// The gateway's own page.
    Own,
    Route(&'a Route),
    /// A file of the viewer app.
    File,
    /// Nobody but the viewer app, when somebody opens it in a browser.
    Page,
}

/// Finds it, without looking at any header field but the host.
pub(crate) fn find<'a>(
    table: &'a RouteTable,
    assets: AssetStore,
    host: &str,
    path: &str,
    method: &Method,
) -> Result<Found<'a>, Failure> {
    let is_read = matches!(*method, Method::GET | Method::HEAD);
    if OWN_PATHS.contains(&path) {
        if !is_read {
            return Err(Failure::MethodNotAllowed { allowed: "GET, HEAD".to_owned() });
        }
        return Ok(Found::Own);
    }
    match table.lookup(host, path, method) {
        Lookup::Found(route) => Ok(Found::Route(route)),
        Lookup::OtherMethods(methods) => {
            let mut allowed: Vec<&str> = methods.iter().map(Method::as_str).collect();
            allowed.sort_unstable();
            allowed.dedup();
            Err(Failure::MethodNotAllowed { allowed: allowed.join(", ") })
        }
        Lookup::Nothing if is_read && assets.has(path) => Ok(Found::File),
        Lookup::Nothing if is_read && may_be_page(table, path) => Ok(Found::Page),
        Lookup::Nothing => Err(Failure::NoRoute),
    }
}

/// The one page of the app that lies beside an API.
const PORTAL: &str = "/partner/portal";

/// An address below an API is no page, however politely a browser asks; nor is a missing file.
fn may_be_page(table: &RouteTable, path: &str) -> bool {
    path == PORTAL || (!table.claims_first_segment(path) && !path.starts_with("/v1/") && !path.starts_with("/assets/"))
}

fn accepts_pages(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT);
    accepted.iter().any(|value| value.to_str().is_ok_and(|accept| accept.contains("text/html")))
}
