//! Requests to the registry: parse, ask the leases, answer. Every resource with its methods is in [`handle`].

mod status_page;

use std::{borrow::Cow, collections::BTreeMap, io::Read, sync::Arc, time::Duration};

use bijou_eureka::{
    DecodeError, Instance, Status,
    json::{self, ReplicationItem, ReplicationReply},
    xml,
};
use bijou_problem::Problem;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header, request::Parts};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use tokio::{sync::broadcast::error::RecvError, time::timeout};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::{
    answer::{self, Body},
    documents::{self, Document, Form, List},
    leases::{Origin, Renewal},
    negotiate,
    path::{Resource, query_pairs, query_value},
    registry::Registry,
    watch::{self, Filter},
};

/// A client that stops in the middle of its body is not waited for longer than this.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// 250 events, each with an instance that has a lot of metadata.
const BATCH_BYTES_MAX: usize = 8 * 1024 * 1024;
/// An operator's reason for an override.
const REASON_CHARS_MAX: usize = 200;

/// What a request can reach. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Site {
    pub registry: Arc<Registry>,
    pub body_bytes_max: usize,
    pub shutdown: CancellationToken,
    pub about: About,
}

/// What the probes say of this process.
#[derive(Clone, Debug)]
pub struct About {
    pub version: &'static str,
    /// The public half of the key its own passports are signed with, when it has any (see `own.rs`).
    pub passport_keys: Option<Bytes>,
}

/// Answers one request; the label says which resource it was, for metrics.
pub async fn handle(site: &Site, request: Request<Incoming>) -> (&'static str, Response<Body>) {
    let Some(resource) = Resource::of(request.uri().path()) else {
        return ("unknown", not_found(request.uri().path()));
    };
    let route = resource.route();
    if is_closed_to(site, &resource, request.method()) {
        return (route, answer::refused(StatusCode::FORBIDDEN, "peers are being asked what they know"));
    }
    let (parts, body) = request.into_parts();
    // Also where no body is wanted (some clients send `{}` with a heartbeat): an unread one costs the connection.
    let bytes_max = match resource {
        Resource::Replication => site.body_bytes_max.max(BATCH_BYTES_MAX),
        _ => site.body_bytes_max,
    };
    let body = match read(body, bytes_max).await {
        Ok(body) => body,
        Err(response) => return (route, response),
    };
    (route, answer_to(site, &resource, &parts, body).await)
}

/// Until it is known what the peers know, clients are sent to the next server: a part of the truth would tell them that
/// the rest is gone.
fn is_closed_to(site: &Site, resource: &Resource, method: &Method) -> bool {
    let is_list = matches!(
        resource,
        Resource::Applications
            | Resource::Delta
            | Resource::Application { .. }
            | Resource::Vip { .. }
            | Resource::SecureVip { .. }
            | Resource::Watch
    );
    is_list && !site.registry.is_open() && (method == Method::GET || method == Method::HEAD)
}

async fn answer_to(site: &Site, resource: &Resource, parts: &Parts, body: Bytes) -> Response<Body> {
    let registry = &site.registry;
    let query = parts.uri.query();
    match (resource, method(parts)) {
        (Resource::Applications, Verb::Get) => list(site, List::All, &parts.headers).await,
        (Resource::Delta, Verb::Get) => list(site, List::Delta, &parts.headers).await,
        (Resource::Application { app }, Verb::Get) => {
            let Some(form) = negotiate::answer_form(&parts.headers) else { return not_acceptable() };
            let Some(listed) = registry.application(app) else { return answer::empty(StatusCode::NOT_FOUND) };
            passing(form, documents::application(form, &listed), &parts.headers).await
        }
        (Resource::Application { app }, Verb::Post) => register(site, app, &parts.headers, &body),
        (Resource::Instance { app, id }, Verb::Get) => one(registry.instance(app, id), &parts.headers),
        (Resource::InstanceById { id }, Verb::Get) => one(registry.instance_by_id(id), &parts.headers),
        (Resource::Instance { app, id }, Verb::Put) => renew(registry, app, id, query, &parts.headers),
        (Resource::Instance { app, id }, Verb::Delete) => found(registry.cancel(app, id, origin(&parts.headers))),
        (Resource::InstanceStatus { app, id }, Verb::Put) => match (status_value(query, None), dirty_ms(query)) {
            (Ok(status), Ok(dirty_ms)) => {
                let reason = query_value(query, "reason").filter(|reason| !reason.is_empty());
                let reason = reason.as_deref().map(|reason| shortened(reason, REASON_CHARS_MAX));
                found(registry.override_status(app, id, origin(&parts.headers), status, dirty_ms, reason))
            }
            (Err(refused), _) | (_, Err(refused)) => refused.into_response(),
        },
        (Resource::InstanceStatus { app, id }, Verb::Delete) => {
            match (status_value(query, Some(Status::Unknown)), dirty_ms(query)) {
                (Ok(status), Ok(dirty_ms)) => {
                    found(registry.remove_override(app, id, origin(&parts.headers), status, dirty_ms))
                }
                (Err(refused), _) | (_, Err(refused)) => refused.into_response(),
            }
        }
        (Resource::InstanceMetadata { app, id }, Verb::Put) => {
            found(registry.merge_metadata(app, id, query_pairs(query)))
        }
        (Resource::Vip { address }, Verb::Get) => vip(registry, address, false, &parts.headers).await,
        (Resource::SecureVip { address }, Verb::Get) => vip(registry, address, true, &parts.headers).await,
        // There are no auto-scaling groups here, which Eureka answers so too when it does not run on AWS.
        (Resource::AutoScalingGroup, Verb::Put) => {
            answer::refused(StatusCode::BAD_REQUEST, "this registry does not run on AWS")
        }
        (Resource::Watch, Verb::Get) => {
            let since = query_value(query, "since").or_else(|| header_text(&parts.headers, "last-event-id"));
            let filter =
                Filter { app: query_value(query, "app").map(|app| app.to_uppercase()), vip: query_value(query, "vip") };
            answer::watch(watch::frames(Arc::clone(registry), since.as_deref(), filter, site.shutdown.clone()))
        }
        (Resource::Replication, Verb::Post) => replicate(site, &parts.headers, &body),
        (Resource::Digests, Verb::Get) => {
            let entries_of = query_value(query, "entries").unwrap_or_default();
            as_json(&registry.digests(&entries_of.split(',').filter(|app| !app.is_empty()).collect::<Vec<_>>()))
        }
        (Resource::StatusOverrides, Verb::Get) => {
            let overrides = registry.overrides();
            as_json(&overrides.iter().map(|(id, status)| (id, status.as_str())).collect::<BTreeMap<_, _>>())
        }
        (Resource::Status, Verb::Get) => match negotiate::answer_form(&parts.headers) {
            Some(form) => status_page::answer(form, registry, site.about.version),
            None => not_acceptable(),
        },
        (Resource::Lately, Verb::Get) => as_json(&registry.lately()),
        (Resource::Info, Verb::Get) => as_json(&serde_json::json!({
            "app": { "name": crate::ROLE, "version": site.about.version },
        })),
        (Resource::Leases, Verb::Get) => as_json(&registry.report()),
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
            let mut response = answer::empty(StatusCode::METHOD_NOT_ALLOWED);
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(resource.methods()));
            response
        }
    }
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

fn method(parts: &Parts) -> Verb {
    match parts.method {
        Method::GET | Method::HEAD => Verb::Get,
        Method::PUT => Verb::Put,
        Method::POST => Verb::Post,
        Method::DELETE => Verb::Delete,
        _ => Verb::Other,
    }
}

fn ready(site: &Site) -> Response<Body> {
    let is_stopping = site.shutdown.is_cancelled();
    let is_open = site.registry.is_open();
    let phase = match (is_stopping, is_open) {
        (true, _) => "stopping",
        (false, false) => "asking-peers",
        (false, true) => "serving",
    };
    let mut response = as_json(&serde_json::json!({
        "ready": !is_stopping && is_open, "role": crate::ROLE, "checks": [], "phase": phase,
    }));
    if is_stopping || !is_open {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    response
}

/// A list. Who names the version it has (`If-None-Match`) is told when there is no newer one, and may have us wait for
/// one (`Prefer: wait=20`).
async fn list(site: &Site, list: List, headers: &HeaderMap) -> Response<Body> {
    let registry = &site.registry;
    let Some(form) = negotiate::answer_form(headers) else { return not_acceptable() };
    if let Some(known) = header_text(headers, "if-none-match") {
        if let Some(wait) = negotiate::wait(headers) {
            let mut changes = registry.changes();
            let changed = async {
                // Whatever ends the wait, the version is looked at again below.
                while known == etag(registry, list) && !matches!(changes.recv().await, Err(RecvError::Closed)) {}
            };
            tokio::select! {
                _ = timeout(wait, changed) => {}
                () = site.shutdown.cancelled() => {}
            }
        }
        let now = etag(registry, list);
        if known == now {
            return answer::not_modified(&now);
        }
    }
    let (tag, document) = registry.document(list, form);
    let tag = tag_of(registry, list, tag);
    answer::with_etag(answer::list(form, document, negotiate::takes_gzip(headers)).await, &tag)
}

fn etag(registry: &Registry, list: List) -> String {
    tag_of(registry, list, registry.version(list))
}

/// Weak: the same version has several encodings.
fn tag_of(registry: &Registry, list: List, version: u64) -> String {
    let list = match list {
        List::All => "all",
        List::Delta => "delta",
    };
    format!("W/\"{}-{list}-{version}\"", registry.epoch())
}

async fn vip(registry: &Registry, address: &str, is_secure: bool, headers: &HeaderMap) -> Response<Body> {
    let Some(form) = negotiate::answer_form(headers) else { return not_acceptable() };
    passing(form, documents::applications(form, &registry.vip(address, is_secure)), headers).await
}

/// A list that nobody keeps.
async fn passing(form: Form, body: Vec<u8>, headers: &HeaderMap) -> Response<Body> {
    answer::list(form, Arc::new(Document::new(0, body)), negotiate::takes_gzip(headers)).await
}

fn one(instance: Option<Instance>, headers: &HeaderMap) -> Response<Body> {
    let Some(form) = negotiate::answer_form(headers) else { return not_acceptable() };
    match instance {
        Some(instance) => answer::instance(StatusCode::OK, form, documents::instance(form, &instance)),
        None => answer::empty(StatusCode::NOT_FOUND),
    }
}

fn register(site: &Site, app: &str, headers: &HeaderMap, body: &[u8]) -> Response<Body> {
    let instance = match read_instance(headers, body, site.body_bytes_max).and_then(|instance| checked(instance, app)) {
        Ok(instance) => instance,
        Err(refused) => {
            warn!(registry.app = app, "refused a registration for `{app}`: {}", refused.reason);
            return refused.into_response();
        }
    };
    // Only our own entry coordinates, and it does not come this way.
    site.registry.register(Instance { is_coordinating: false, ..instance }, origin(headers));
    // 204 and nothing else: the Java client compares.
    answer::empty(StatusCode::NO_CONTENT)
}

/// Eureka's checks in Eureka's order.
fn checked(instance: Instance, app: &str) -> Result<Instance, Refused> {
    let missing = |what: &str| Err(Refused::bad(format!("Missing {what}")));
    if instance.id().is_empty() {
        return missing("instanceId");
    }
    if instance.host_name.is_empty() {
        return missing("hostname");
    }
    if instance.ip_addr.is_empty() {
        return missing("ip address");
    }
    if instance.app.is_empty() {
        return missing("appName");
    }
    if instance.app != app {
        return Err(Refused::bad(format!("Mismatched appName, expecting {app} but was {}", instance.app)));
    }
    if instance.data_center.is_none() {
        return missing("dataCenterInfo");
    }
    Ok(instance)
}

fn read_instance(headers: &HeaderMap, body: &[u8], bytes_max: usize) -> Result<Instance, Refused> {
    let (is_json, bytes) = read_text(headers, body, bytes_max)?;
    let read = if is_json { json::read_instance(&bytes) } else { xml::read_instance(&bytes) };
    read.map_err(|error: DecodeError| Refused::bad(error.to_string()))
}

/// A body as UTF-8, and whether it is JSON.
fn read_text<'a>(headers: &HeaderMap, body: &'a [u8], bytes_max: usize) -> Result<(bool, Cow<'a, [u8]>), Refused> {
    let unsupported = |reason: &str| Refused { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, reason: reason.to_owned() };
    let form = negotiate::body_form(headers)
        .ok_or_else(|| unsupported("a registration is application/json or application/xml"))?;
    let is_gzip = negotiate::is_gzip_body(headers).map_err(|()| unsupported("the only content coding is gzip"))?;
    let mut bytes = Cow::Borrowed(body);
    if is_gzip {
        let mut plain = Vec::new();
        let mut decoder = flate2::read::MultiGzDecoder::new(body).take(bytes_max as u64 + 1);
        decoder.read_to_end(&mut plain).map_err(|_| Refused::bad("the body is not gzip"))?;
        if plain.len() > bytes_max {
            return Err(Refused { status: StatusCode::PAYLOAD_TOO_LARGE, reason: "the body is too long".to_owned() });
        }
        bytes = Cow::Owned(plain);
    }
    if form.is_latin1 {
        bytes = Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes());
    }
    Ok((form.is_json, bytes))
}

/// A batch of a peer's events. Each has an answer of its own; the batch as such fails only when it is none.
fn replicate(site: &Site, headers: &HeaderMap, body: &[u8]) -> Response<Body> {
    let items = read_text(headers, body, site.body_bytes_max.max(BATCH_BYTES_MAX)).and_then(|(is_json, bytes)| {
        if !is_json {
            return Err(Refused::bad("a batch is application/json"));
        }
        json::read_replication(&bytes).map_err(|error| Refused::bad(error.to_string()))
    });
    let items = match items {
        Ok(items) => items,
        Err(refused) => {
            warn!("refused a batch of a peer: {}", refused.reason);
            return refused.into_response();
        }
    };
    let done = |item: Result<ReplicationItem, DecodeError>| match item {
        Ok(item) => {
            // Eureka says 200 to a registration it does not take, and its senders look no further.
            let refused = item.instance.as_deref().and_then(|instance| checked(instance.clone(), &item.app).err());
            if let Some(refused) = refused {
                warn!(
                    registry.app = item.app,
                    instance.id = item.id,
                    "a peer's registration is not taken: {}",
                    refused.reason
                );
                site.registry.telemetry.peer_items_refused.inc();
                return ReplicationReply::of(200);
            }
            site.registry.replicated(item)
        }
        Err(error) => {
            warn!("a peer's event is not understood: {error}");
            site.registry.telemetry.peer_items_refused.inc();
            ReplicationReply::of(400)
        }
    };
    let replies = items.into_iter().map(done).collect::<Vec<_>>();
    let mut out = Vec::with_capacity(32 + replies.len() * 20);
    json::write_replies(&mut out, &replies);
    answer::whole(StatusCode::OK, "application/json", out)
}

fn renew(registry: &Registry, app: &str, id: &str, query: Option<&str>, headers: &HeaderMap) -> Response<Body> {
    let dirty_ms = match dirty_ms(query) {
        Ok(dirty_ms) => dirty_ms,
        Err(refused) => return refused.into_response(),
    };
    let told_override = query_value(query, "overriddenstatus").and_then(|status| status.parse().ok());
    match registry.renew(app, id, origin(headers), dirty_ms, told_override) {
        Renewal::Renewed => answer::empty(StatusCode::OK),
        Renewal::RegisterAgain => answer::empty(StatusCode::NOT_FOUND),
        // The one error with a body: a peer takes our newer version from it.
        Renewal::OursIsNewer(record) => match negotiate::answer_form(headers) {
            Some(form) => answer::instance(StatusCode::CONFLICT, form, documents::instance(form, &record.instance)),
            None => answer::empty(StatusCode::CONFLICT),
        },
    }
}

fn origin(headers: &HeaderMap) -> Origin {
    let replicated = headers.get("x-netflix-discovery-replication").is_some_and(|value| value == "true");
    if replicated { Origin::Peer } else { Origin::Client }
}

fn status_value(query: Option<&str>, default: Option<Status>) -> Result<Status, Refused> {
    match query_value(query, "value") {
        Some(value) => value.parse().map_err(|error: bijou_eureka::UnknownStatus| Refused::bad(error.to_string())),
        None => default.ok_or_else(|| Refused::bad("`value` is missing")),
    }
}

fn dirty_ms(query: Option<&str>) -> Result<Option<u64>, Refused> {
    let Some(text) = query_value(query, "lastDirtyTimestamp").filter(|text| !text.is_empty()) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Refused::bad("`lastDirtyTimestamp` is not a number"))
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn shortened(text: &str, chars_max: usize) -> &str {
    text.char_indices().nth(chars_max).map_or(text, |(end, _)| &text[..end])
}

fn found(is_found: bool) -> Response<Body> {
    answer::empty(if is_found { StatusCode::OK } else { StatusCode::NOT_FOUND })
}

fn not_acceptable() -> Response<Body> {
    answer::refused(StatusCode::NOT_ACCEPTABLE, "application/json and application/xml are spoken here")
}

fn as_json(value: &impl serde::Serialize) -> Response<Body> {
    let body = serde_json::to_vec(value).expect("plain data serialises");
    let mut response = answer::whole(StatusCode::OK, "application/json", body);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Outside of the prefix we are among ourselves, and errors are problem details.
fn not_found(path: &str) -> Response<Body> {
    let is_eurekas = ["/eureka", "/v2"].iter().any(|prefix| path.starts_with(prefix));
    if is_eurekas {
        return answer::empty(StatusCode::NOT_FOUND);
    }
    let problem = Problem::new(StatusCode::NOT_FOUND, "route-not-found")
        .title("There is nothing at this path")
        .detail("this is a service registry: its REST interface begins at /eureka/apps");
    answer::whole(StatusCode::NOT_FOUND, "application/problem+json", problem.to_bytes())
}

async fn read(body: Incoming, bytes_max: usize) -> Result<Bytes, Response<Body>> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    match timeout(BODY_TIMEOUT, Limited::new(body, bytes_max).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(answer::refused(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long"))
        }
        Ok(Err(_)) => Err(answer::refused(StatusCode::BAD_REQUEST, "the body did not arrive whole")),
        Err(_) => Err(answer::refused(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time")),
    }
}

/// Why a request is not done, for the log and a header.
struct Refused {
    status: StatusCode,
    reason: String,
}

impl Refused {
    fn bad(reason: impl Into<String>) -> Self {
        Refused { status: StatusCode::BAD_REQUEST, reason: reason.into() }
    }

    fn into_response(self) -> Response<Body> {
        answer::refused(self.status, &self.reason)
    }
}
