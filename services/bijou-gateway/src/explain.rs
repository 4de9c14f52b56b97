//! What would happen to a request, without making it: the route and why not the others, what each filter would say, and
//! among whom the balancer would choose. Nothing is counted, signed, kept or sent.
//!
//! Filters are not run, because they count, sign and wait; the decisions they make are asked for instead, from the same
//! functions. Left out is what no question tells: whether a token is valid (who asks is given by name), header fields
//! and bodies. What only asking would tell is said to depend.

mod candidates;
mod routes;
mod verdicts;

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

use http::{Method, Uri};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::filters::{Found, find, one_path};
use crate::routes::Route;
use crate::shared::{Settings, Shared};
use verdicts::Somebody;

/// What is asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    method: String,
    /// A path, with its query, or a whole address.
    url: String,
    /// `nobody`, `viewer`, `operator`, `partner`, or the id of an account that watches.
    #[serde(default = "nobody", rename = "as")]
    who: String,
    /// The client's address, for rate limits.
    #[serde(default = "loopback")]
    client: IpAddr,
}

fn nobody() -> String {
    "nobody".to_owned()
}

fn loopback() -> IpAddr {
    Ipv4Addr::LOCALHOST.into()
}

/// What would happen.
#[derive(Debug, Serialize)]
pub(crate) struct Explanation {
    method: String,
    /// Empty when the address names none: routes for certain hosts do not match then.
    host: String,
    /// As it is matched and forwarded.
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<RouteFound>,
    /// Routes with the same beginning that do not match, or less well.
    others: Vec<OtherRoute>,
    /// In their order.
    filters: Vec<FilterVerdict>,
    /// Instances as each worker sees them, the best first; none when the request does not come so far.
    candidates: Vec<Candidate>,
    /// How many stay in the gateway's zone; absent where it has none, and where instances are given by address.
    #[serde(skip_serializing_if = "Option::is_none")]
    zones: Option<Zones>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream: Option<Upstream>,
    answered_by: AnsweredBy,
    /// Of the gateway's refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// Of the refusal's problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct RouteFound {
    id: String,
    application: String,
    why: String,
}

#[derive(Debug, Serialize)]
struct OtherRoute {
    id: String,
    why_not: String,
}

#[derive(Debug, Serialize)]
struct FilterVerdict {
    filter: &'static str,
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// What a filter would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    Passes,
    Refuses,
    /// Only asking would tell.
    Depends,
    /// One before it refuses.
    NotReached,
}

/// An instance as one worker sees it.
#[derive(Debug, Serialize)]
struct Candidate {
    instance_id: String,
    address: String,
    /// Whose view this is; absent while no worker has met it.
    #[serde(skip_serializing_if = "Option::is_none")]
    worker: Option<usize>,
    /// Of [`crate::balance::HealthState`].
    state: &'static str,
    /// Lower is better.
    score: f32,
    in_flight: u32,
    /// As the instance says itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    /// `same-zone`, `other-zone` or `unknown-zone`; absent where the gateway has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    locality: Option<&'static str>,
    /// Of what a sound one can carry.
    #[serde(skip)]
    capacity: f32,
}

/// What the gateway's zone means for a request.
#[derive(Debug, Serialize)]
struct Zones {
    /// The gateway's own.
    own: String,
    /// The part of requests that stays in it, from 0 to 1, unless an instance there is much busier than one elsewhere.
    share: f32,
    why: String,
}

/// What would be sent.
#[derive(Debug, Serialize)]
struct Upstream {
    request: String,
    passport_audience: Vec<String>,
    deadline_ms: u64,
    attempt_ms: u64,
    attempts_max: u32,
    /// Whether an attempt may be repeated after something of it was sent.
    repeats_sent: bool,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
enum AnsweredBy {
    Instance,
    Gateway,
    /// The viewer app.
    App,
}

/// Explains. `Err` says what is wrong with the question.
pub(crate) fn explain(shared: &Shared, question: &Question) -> Result<Explanation, String> {
    let Question { method, url, .. } = question;
    // Methods are case-sensitive, those who ask are not.
    let method: Method = method.to_ascii_uppercase().parse().map_err(|_| format!("`{method}` is no method"))?;
    let uri = address(url).ok_or_else(|| format!("`{url}` is no path and no address of HTTP"))?;
    let settings = shared.settings.load_full();
    let host = uri.host().unwrap_or_default().to_ascii_lowercase();
    let path = one_path(&method, &uri, settings.config.limits.target_bytes_max);
    let found = match &path {
        Ok(path) => find(&settings.table, shared.assets, &host, path, &method),
        Err(failure) => Err(failure.clone()),
    };
    let somebody = Somebody::named(&question.who);
    let now = Instant::now();
    let case = Case { shared, settings: &settings, question, somebody, method, uri: &uri, host, path, found, now };
    Ok(case.explanation())
}

/// Begins with a slash, or with a scheme that the gateway hears.
fn address(url: &str) -> Option<Uri> {
    let uri: Uri = url.parse().ok()?;
    let is_whole = uri.scheme_str().is_some_and(|scheme| matches!(scheme, "http" | "https"));
    (is_whole || url.starts_with('/')).then_some(uri)
}

/// A question with what it is asked of.
struct Case<'a> {
    shared: &'a Shared,
    settings: &'a Settings,
    question: &'a Question,
    /// Who asks; `None` is nobody.
    somebody: Option<Somebody<'a>>,
    method: Method,
    uri: &'a Uri,
    host: String,
    /// The one path, unless the request is refused for having none.
    path: Result<Cow<'a, str>, Failure>,
    /// Who is responsible for it, if anybody is.
    found: Result<Found<'a>, Failure>,
    now: Instant,
}

impl<'a> Case<'a> {
    fn explanation(&self) -> Explanation {
        let (filters, refusal) = self.verdicts();
        let reached = self.route().filter(|_| refusal.is_none());
        let candidates = reached.map_or_else(Vec::new, |route| self.candidates(&route.target));
        let refusal = refusal.or_else(|| {
            let route = reached.filter(|_| candidates.is_empty())?;
            Some(Failure::NoInstance { app: route.target.name().to_string() })
        });
        Explanation {
            method: self.method.to_string(),
            host: self.host.clone(),
            path: self.path().to_owned(),
            route: self.route().map(|route| RouteFound {
                id: route.id.to_string(),
                application: route.target.name().to_string(),
                why: self.why(route),
            }),
            others: self.others(),
            filters,
            upstream: reached.filter(|_| refusal.is_none()).map(|route| self.upstream(route)),
            zones: reached.and_then(|route| self.zones(&route.target, &candidates)),
            candidates,
            answered_by: match (&refusal, &self.found) {
                (None, Ok(Found::Route(_))) => AnsweredBy::Instance,
                (None, Ok(Found::File | Found::Page)) => AnsweredBy::App,
                _ => AnsweredBy::Gateway,
            },
            status: refusal.as_ref().map(|failure| failure.status().as_u16()),
            code: refusal.as_ref().map(Failure::code),
        }
    }

    /// The path as it is matched, or as it came.
    fn path(&self) -> &str {
        self.path.as_deref().unwrap_or_else(|_| self.uri.path())
    }

    fn route(&self) -> Option<&'a Route> {
        if let Ok(Found::Route(route)) = self.found { Some(route) } else { None }
    }
}
