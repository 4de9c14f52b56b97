//! Requests to the registry: who asks, may they, ask the leases, answer. Every resource with its methods is in
//! [`answer_to`]; what each does is in the modules beside it.

#[cfg(test)]
mod bad_input_tests;
mod change;
#[cfg(test)]
mod client_tests;
mod lists;
mod need;
mod page;
mod register;
mod replicate;
mod status_page;

use std::{borrow::Cow, fmt::Display, net::IpAddr, sync::Arc, time::Duration};

use bijou_eureka::Instance;
use bijou_problem::Problem;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::{
    access::{Access, Caller},
    answer::{self, Answer, Body},
    audit::Audit,
    fields::Fields,
    leases::Origin,
    negotiate,
    path::{Resource, query_value},
    rate::Limiter,
    registry::Registry,
    settings::{Limits, Right},
    waiters::Waiters,
    watch::{self, Filter},
};

/// A client that stops in the middle of its body is not waited for longer than this.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// 250 events, each with an instance that has a lot of metadata.
const BATCH_BYTES_MAX: usize = 8 * 1024 * 1024;

/// What a request can reach. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Site {
    pub registry: Arc<Registry>,
    pub access: Arc<Access>,
    pub limiter: Arc<Limiter>,
    pub audit: Arc<Audit>,
    /// Those of this thread.
    pub waiters: Arc<Waiters>,
    pub limits: Limits,
    pub shutdown: CancellationToken,
    pub about: About,
}

/// What the probes say of this process.
#[derive(Clone, Debug)]
pub struct About {
    pub version: &'static str,
    /// The public half of the key its own passports are signed with, when it has any (see `own.rs`).
    pub passport_keys: Option<Bytes>,
    /// The registry as an instance among those it lists, as it was when it started.
    pub entry: Arc<Instance>,
}

/// Who is at the other end of a connection.
#[derive(Clone, Debug)]
pub struct Remote {
    pub address: IpAddr,
    /// The names in the certificate that was shown and checked.
    pub names: Arc<[String]>,
}

impl Remote {
    /// Somebody without a certificate.
    pub fn at(address: IpAddr) -> Self {
        Remote { address, names: Arc::default() }
    }
}

/// A request without its body, whoever parsed it.
#[derive(Clone, Debug)]
pub struct Head<'a> {
    pub method: &'a Method,
    pub path: &'a str,
    pub query: Option<&'a str>,
    /// What the path names, if anything.
    pub resource: Option<Resource<'a>>,
    pub fields: Fields<'a>,
}

/// A request's body: what has arrived already, or what hyper is still to read.
#[derive(Debug)]
pub enum Content<'a> {
    Here(&'a [u8]),
    Coming(Incoming),
}

/// A request whose sender is known and allowed to ask.
struct Asked<'a> {
    site: &'a Site,
    caller: &'a Caller,
    /// From where.
    address: IpAddr,
    fields: Fields<'a>,
    query: Option<&'a str>,
    /// Whether the answer may be a file.
    takes_files: bool,
}

impl Asked<'_> {
    fn registry(&self) -> &Registry {
        &self.site.registry
    }

    fn query_value(&self, name: &str) -> Option<Cow<'_, str>> {
        query_value(self.query, name)
    }

    /// Refuses what was asked `of` something, and says so in the log.
    fn refuse(&self, what: &str, of: &str, refused: Refused) -> Answer {
        refuse(self.site, self.address, what, of, refused)
    }

    fn origin(&self) -> Origin {
        if is_replicated(self.fields) { Origin::Peer } else { Origin::Client }
    }
}

/// Answers a request that hyper has read.
pub async fn handle_request(
    site: &Site,
    remote: &Remote,
    request: Request<Incoming>,
) -> (&'static str, Response<Body>) {
    let (parts, body) = request.into_parts();
    let (path, query) = (parts.uri.path(), parts.uri.query());
    let head =
        Head { method: &parts.method, path, query, resource: Resource::of(path), fields: Fields::Map(&parts.headers) };
    let (route, answer) = handle(site, remote, head, Content::Coming(body)).await;
    (route, answer.into())
}

/// Answers one request; the label says which resource it was, for metrics.
pub async fn handle(site: &Site, remote: &Remote, head: Head<'_>, content: Content<'_>) -> (&'static str, Answer) {
    let Head { method, path, query, resource, fields } = head;
    let Some(resource) = resource else { return ("unknown", not_found(path)) };
    let route = resource.route();
    let address = remote.address;
    let verb = verb_of(method);
    let caller = match allowed(site, remote, &resource, verb, fields) {
        Ok(caller) => caller,
        Err(refused) => return (route, refused.into_answer()),
    };
    if is_closed_to(site, &resource, verb, caller, fields) {
        return (route, answer::refused(StatusCode::FORBIDDEN, "peers are being asked what they know"));
    }
    if let Err(refused) = within_rate(site, caller, address, &resource, verb, fields) {
        return (route, refused.into_answer());
    }
    // Also where no body is wanted (some clients send `{}` with a heartbeat): an unread one costs the connection.
    let bytes_max = match resource {
        Resource::Replication => site.limits.body_bytes_max.max(BATCH_BYTES_MAX),
        _ => site.limits.body_bytes_max,
    };
    // Who reads a body where it arrived has the socket at hand.
    let takes_files = matches!(content, Content::Here(_));
    let asked = Asked { site, caller, address, fields, query, takes_files };
    let answer = match content {
        Content::Here(body) => answer_to(&asked, &resource, verb, body).await,
        Content::Coming(body) => match read(body, bytes_max).await {
            Ok(body) => answer_to(&asked, &resource, verb, &body).await,
            Err(refused) => asked.refuse("a body", path, refused),
        },
    };
    if is_kept(&resource, verb) {
        site.waiters.written(&site.registry).await;
    }
    (route, answer)
}

/// Whether it may have changed what a restart has to find. A heartbeat does not.
fn is_kept(resource: &Resource<'_>, verb: Verb) -> bool {
    match resource {
        Resource::Application { .. } | Resource::Replication => verb == Verb::Post,
        Resource::Instance { .. } => verb == Verb::Delete,
        Resource::InstanceStatus { .. } | Resource::InstanceMetadata { .. } => verb != Verb::Get,
        _ => false,
    }
}

/// Who asks, if they may. 401 to those who showed nothing, or the wrong thing: with credentials it may be another
/// matter. 403 to those who are known.
fn allowed<'a>(
    site: &'a Site,
    remote: &Remote,
    resource: &Resource<'_>,
    verb: Verb,
    fields: Fields<'_>,
) -> Result<&'a Caller, Refused> {
    let address = remote.address;
    let telemetry = &site.registry.telemetry;
    let Ok(caller) = site.access.caller(fields, &remote.names) else {
        telemetry.refused("credentials");
        if telemetry.may_log_refusal() {
            warn!(client.address = %address, "refused credentials that nobody has, from {address}");
        }
        return Err(Refused::new(StatusCode::UNAUTHORIZED, "these credentials are nobody's"));
    };
    let need = need::of(resource, verb, fields);
    if need.is_met_by(caller) {
        return Ok(caller);
    }
    telemetry.refused("rule");
    if telemetry.may_log_refusal() {
        warn!(
            access.caller = %caller.name, client.address = %address, http.route = resource.route(),
            "no rule lets `{}` do that: {need}", caller.name
        );
    }
    if let Some((action, app, id)) = change::audited_as(resource, verb) {
        change::audit_refused(site, caller, address, action, app, id);
    }
    if caller.is_anonymous() {
        return Err(Refused::new(StatusCode::UNAUTHORIZED, "this needs credentials"));
    }
    Err(Refused::new(StatusCode::FORBIDDEN, format!("no rule lets {} do that: {need}", caller.name)))
}

/// Until it is known what the peers know, clients are sent to the next server: a part of the truth would tell them that
/// the rest is gone. Peers that are starting too are told that part, or all would wait for each other.
fn is_closed_to(site: &Site, resource: &Resource<'_>, verb: Verb, caller: &Caller, fields: Fields<'_>) -> bool {
    if site.registry.is_open() {
        return false;
    }
    let is_peer = fields.get("bijou-node").is_some() && !caller.apps(Right::Replicate).is_none();
    let is_list =
        is_limited(resource) || matches!(resource, Resource::Vip { .. } | Resource::SecureVip { .. } | Resource::Watch);
    is_list && verb == Verb::Get && !(is_peer && *resource == Resource::Applications)
}

/// The lists that Eureka limits.
fn is_limited(resource: &Resource<'_>) -> bool {
    matches!(resource, Resource::Applications | Resource::Delta | Resource::Application { .. })
}

fn within_rate(
    site: &Site,
    caller: &Caller,
    address: IpAddr,
    resource: &Resource<'_>,
    verb: Verb,
    fields: Fields<'_>,
) -> Result<(), Refused> {
    if verb != Verb::Get || !is_limited(resource) {
        return Ok(());
    }
    let client: &dyn Display = if caller.is_anonymous() { &address } else { &caller.name };
    let identity = fields.text("discoveryidentity-name");
    let is_full = *resource == Resource::Applications;
    let now = tokio::time::Instant::now().into_std();
    let Err(over) = site.limiter.check(client, identity, is_full, now) else { return Ok(()) };
    let telemetry = &site.registry.telemetry;
    if !site.limiter.is_enabled {
        telemetry.rate_candidates.inc();
        return Ok(());
    }
    telemetry.refused("rate");
    if telemetry.may_log_refusal() {
        warn!(client.address = %address, access.caller = %caller.name, "`{client}` is over the limit of {}", over.as_str());
    }
    Err(Refused::new(StatusCode::SERVICE_UNAVAILABLE, format!("over the limit of {}", over.as_str())))
}

async fn answer_to(asked: &Asked<'_>, resource: &Resource<'_>, verb: Verb, body: &[u8]) -> Answer {
    let site = asked.site;
    let registry = &site.registry;
    match (resource, verb) {
        (Resource::Applications, Verb::Get) => lists::all(asked).await,
        (Resource::Delta, Verb::Get) => lists::delta(asked).await,
        (Resource::Application { app }, Verb::Get) => lists::application(asked, app).await,
        (Resource::Application { app }, Verb::Post) => register::register(asked, app, body),
        (Resource::Instance { app, id }, Verb::Get) => lists::one(asked, registry.instance_for(app, id)),
        (Resource::InstanceById { id }, Verb::Get) => lists::one(asked, registry.instance_by_id_for(id, asked.caller)),
        (Resource::Instance { app, id }, Verb::Put) => change::renew(asked, app, id),
        (Resource::Instance { app, id }, Verb::Delete) => change::cancel(asked, app, id),
        (Resource::InstanceStatus { app, id }, Verb::Put) => change::override_status(asked, app, id),
        (Resource::InstanceStatus { app, id }, Verb::Delete) => change::remove_override(asked, app, id),
        (Resource::InstanceMetadata { app, id }, Verb::Put) => change::merge_metadata(asked, app, id),
        (Resource::Vip { address }, Verb::Get) => lists::vip(asked, address, false).await,
        (Resource::SecureVip { address }, Verb::Get) => lists::vip(asked, address, true).await,
        // There are no auto-scaling groups here, which Eureka answers so too when it does not run on AWS.
        (Resource::AutoScalingGroup, Verb::Put) => {
            answer::refused(StatusCode::BAD_REQUEST, "this registry does not run on AWS")
        }
        (Resource::Watch, Verb::Get) => watching(asked),
        (Resource::Replication, Verb::Post) => replicate::replicate(asked, body),
        (Resource::Digests, Verb::Get) => {
            let entries_of = asked.query_value("entries").unwrap_or_default();
            let entries_of = entries_of.split(',').filter(|app| !app.is_empty()).collect::<Vec<_>>();
            as_json(&registry.digests(&entries_of, asked.caller.apps(Right::Replicate)))
        }
        (Resource::StatusOverrides, Verb::Get) => as_json(&registry.overrides(asked.caller.apps(Right::Read))),
        (Resource::Status, Verb::Get) => match negotiate::answer_form(asked.fields) {
            Some(form) => status_page::answer(form, registry, &site.about.entry),
            None => not_acceptable(),
        },
        (Resource::Lately, Verb::Get) => as_json(&registry.lately(asked.caller.apps(Right::Read))),
        (Resource::Info, Verb::Get) => as_json(&serde_json::json!({
            "app": { "name": crate::ROLE, "version": site.about.version },
        })),
        (Resource::Leases, Verb::Get) => {
            let is_summary = asked.query_value("summary").is_some_and(|value| value != "false");
            let app = asked.query_value("app").map(|app| app.to_uppercase());
            let apps = asked.caller.apps(Right::Read);
            as_json(
                &registry.report(|name| !is_summary && apps.has(name) && app.as_ref().is_none_or(|app| app == name)),
            )
        }
        (Resource::Audit, Verb::Get) => as_json(&serde_json::json!({ "items": change::audited(asked) })),
        (Resource::Page(part), Verb::Get) => page::answer(*part),
        (Resource::ToPage, Verb::Get) => page::redirect(),
        (Resource::Health, Verb::Get) => as_json(&serde_json::json!({
            "status": "ok", "role": crate::ROLE, "version": site.about.version,
        })),
        (Resource::Ready, Verb::Get) => ready(site),
        (Resource::PassportKeys, Verb::Get) => match &site.about.passport_keys {
            Some(keys) => answer::whole(StatusCode::OK, "application/json", keys.clone()),
            None => answer::empty(StatusCode::NOT_FOUND),
        },
        (Resource::Metrics, Verb::Get) => {
            answer::whole(StatusCode::OK, bijou_telemetry::CONTENT_TYPE, registry.metrics())
        }
        (_, Verb::Get | Verb::Put | Verb::Post | Verb::Delete | Verb::Other) => {
            let allowed = HeaderValue::from_static(resource.methods());
            answer::empty(StatusCode::METHOD_NOT_ALLOWED).with(header::ALLOW, allowed)
        }
    }
}

fn watching(asked: &Asked<'_>) -> Answer {
    let since = asked.query_value("since").or_else(|| asked.fields.text("last-event-id").map(Cow::Borrowed));
    let filter = Filter {
        app: asked.query_value("app").map(|app| app.to_uppercase()),
        vip: asked.query_value("vip").map(Cow::into_owned),
        readable: asked.caller.apps(Right::Read).clone(),
    };
    let site = asked.site;
    answer::watch(watch::frames(Arc::clone(&site.registry), since.as_deref(), filter, site.shutdown.clone()))
}

/// Methods that mean anything here. HEAD is GET: the server leaves the body away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Get,
    Put,
    Post,
    Delete,
    Other,
}

fn verb_of(method: &Method) -> Verb {
    match *method {
        Method::GET | Method::HEAD => Verb::Get,
        Method::PUT => Verb::Put,
        Method::POST => Verb::Post,
        Method::DELETE => Verb::Delete,
        _ => Verb::Other,
    }
}

/// Whether the event comes from a peer.
fn is_replicated(fields: Fields<'_>) -> bool {
    fields.get("x-netflix-discovery-replication").is_some_and(|value| value == b"true")
}

fn ready(site: &Site) -> Answer {
    let (is_stopping, is_open) = (site.shutdown.is_cancelled(), site.registry.is_open());
    let phase = match (is_stopping, is_open) {
        (true, _) => "stopping",
        (false, false) => "asking-peers",
        (false, true) => "serving",
    };
    let asking = site.registry.peers.why_closed();
    let checks = asking.map(|reason| serde_json::json!({ "name": "peers", "ready": false, "reason": reason }));
    let checks = checks.into_iter().collect::<Vec<_>>();
    let mut answer = as_json(&serde_json::json!({
        "ready": !is_stopping && is_open, "role": crate::ROLE, "checks": checks, "phase": phase,
    }));
    if is_stopping || !is_open {
        answer.status = StatusCode::SERVICE_UNAVAILABLE;
    }
    answer
}

fn found(is_found: bool) -> Answer {
    answer::empty(if is_found { StatusCode::OK } else { StatusCode::NOT_FOUND })
}

fn not_acceptable() -> Answer {
    answer::refused(StatusCode::NOT_ACCEPTABLE, "application/json and application/xml are spoken here")
}

fn as_json(value: &impl serde::Serialize) -> Answer {
    let body = serde_json::to_vec(value).expect("plain data serialises");
    let no_store = HeaderValue::from_static("no-store");
    answer::whole(StatusCode::OK, "application/json", body).with(header::CACHE_CONTROL, no_store)
}

/// Outside of the prefix we are among ourselves, and errors are problem details.
fn not_found(path: &str) -> Answer {
    let is_eurekas = ["/eureka", "/v2"].iter().any(|prefix| path.starts_with(prefix));
    if is_eurekas {
        return answer::empty(StatusCode::NOT_FOUND);
    }
    let problem = Problem::new(StatusCode::NOT_FOUND, "route-not-found")
        .title("There is nothing at this path")
        .detail("this is a service registry: its REST interface begins at /eureka/apps");
    answer::whole(StatusCode::NOT_FOUND, "application/problem+json", problem.to_bytes())
}

async fn read(body: Incoming, bytes_max: usize) -> Result<Bytes, Refused> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    match timeout(BODY_TIMEOUT, Limited::new(body, bytes_max).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let reason = format!("the body is too long, {bytes_max} bytes are allowed");
            Err(Refused::new(StatusCode::PAYLOAD_TOO_LARGE, reason))
        }
        Ok(Err(_)) => Err(Refused::bad("the body did not arrive whole")),
        Err(_) => Err(Refused::new(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time")),
    }
}

/// Refuses a request, with a line in the log that says whose and why. Of a flood of them a few get one.
fn refuse(site: &Site, address: IpAddr, what: &str, of: &str, refused: Refused) -> Answer {
    if site.registry.telemetry.may_log_refusal() {
        warn!(
            client.address = %address, http.response.status_code = refused.status.as_u16(),
            "refused {what} for `{of}`: {}", refused.reason
        );
    }
    refused.into_answer()
}

/// Why a request is not done, for the log and a header.
#[derive(Debug)]
struct Refused {
    status: StatusCode,
    reason: String,
}

impl Refused {
    fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Refused { status, reason: reason.into() }
    }

    fn bad(reason: impl Into<String>) -> Self {
        Refused::new(StatusCode::BAD_REQUEST, reason)
    }

    fn into_answer(self) -> Answer {
        answer::refused(self.status, &self.reason)
    }
}
