//! One OpenAPI document of everything that is up.
//!
//! Each application behind a route is asked for its own document when its instances change; what routes lead to it is
//! taken over, the rest (probes, events) is internal. Two services must not mean different things by one name: a schema
//! that differs from another of its name is reported, and the first one stays.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bijou_client::Client;
use bytes::Bytes;
use http::Method;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::config::Access;
use crate::routes::{Lookup, RouteTable};
use crate::shared::Shared;

/// How long one service may take to give its document.
const TIMEOUT: Duration = Duration::from_secs(2);
const BYTES_MAX: usize = 4 * 1024 * 1024;
/// How soon those are asked again that did not answer.
const RETRY_EVERY: Duration = Duration::from_secs(2);
/// Several instances often change at once.
const SETTLE: Duration = Duration::from_millis(50);

/// The merged document.
#[derive(Debug)]
pub(crate) struct Documents {
    pub(crate) merged: Bytes,
    pub(crate) etag: String,
    /// What two services mean differently.
    pub(crate) collisions: Vec<String>,
}

impl Default for Documents {
    fn default() -> Self {
        Self::new(&BTreeMap::new(), &RouteTable::default())
    }
}

impl Documents {
    fn new(documents: &BTreeMap<Arc<str>, Value>, table: &RouteTable) -> Self {
        let (merged, collisions) = merge(documents, table);
        let merged = Bytes::from(merged.to_string());
        let etag = format!("\"{:016x}\"", fingerprint(&merged));
        Self { merged, etag, collisions }
    }
}

/// FNV-1a: tells two versions apart, which is all a tag has to do.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Keeps the merged document current until told to stop.
pub(crate) async fn keep_current(shared: Arc<Shared>, client: Client, stop: CancellationToken) {
    let mut documents: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    let mut asked_of: BTreeMap<Arc<str>, Vec<(String, u64)>> = BTreeMap::new();
    loop {
        let snapshot = shared.discovery.snapshot();
        let settings = shared.settings.load_full();
        let wanted = settings.table.applications();
        documents.retain(|app, _| wanted.contains(app) && !snapshot.instances(app).is_empty());
        let mut missing = false;
        for app in &wanted {
            let instances: Vec<_> =
                snapshot.instances(app).iter().map(|one| (one.instance_id.clone(), one.last_dirty_ms)).collect();
            if instances.is_empty() || (documents.contains_key(app) && asked_of.get(app) == Some(&instances)) {
                continue;
            }
            let answer =
                client.to(app).get("/openapi.json").attempt_timeout(TIMEOUT).body_bytes_max(BYTES_MAX).send().await;
            match answer.and_then(|response| response.success()?.json::<Value>()) {
                Ok(document) => {
                    documents.insert(Arc::clone(app), document);
                    asked_of.insert(Arc::clone(app), instances);
                }
                Err(error) => {
                    missing = true;
                    tracing::debug!(bijou.application = %app, error = %error, "a service did not give its OpenAPI document");
                }
            }
        }
        let merged = Documents::new(&documents, &settings.table);
        if shared.documents.load().etag != merged.etag {
            for collision in &merged.collisions {
                warn!("the merged OpenAPI document is wrong: {collision}");
            }
            shared.documents.store(Arc::new(merged));
        }
        let again = async {
            if missing { tokio::time::sleep(RETRY_EVERY).await } else { tokio::time::sleep(RETRY_EVERY * 5).await }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = shared.discovery.changed_since(snapshot.generation()) => tokio::time::sleep(SETTLE).await,
            () = again => {}
        }
    }
}

fn merge(documents: &BTreeMap<Arc<str>, Value>, table: &RouteTable) -> (Value, Vec<String>) {
    let mut paths = Map::new();
    let mut components: BTreeMap<String, BTreeMap<String, (Arc<str>, Value)>> = BTreeMap::new();
    let mut collisions = Vec::new();
    for (app, document) in documents {
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            if let Some(item) = public_part(app, path, item, table) {
                if paths.contains_key(path) {
                    collisions.push(format!("`{path}` is answered by `{app}` and by another service"));
                } else {
                    paths.insert(path.clone(), item);
                }
            }
        }
        for (kind, named) in document["components"].as_object().into_iter().flatten() {
            let known = components.entry(kind.clone()).or_default();
            for (name, value) in named.as_object().into_iter().flatten() {
                match known.get(name) {
                    Some((_, same)) if same == value => {}
                    Some((owner, _)) => collisions.push(format!(
                        "`{name}` in components/{kind} means one thing in `{owner}` and another in `{app}`"
                    )),
                    None => drop(known.insert(name.clone(), (Arc::clone(app), value.clone()))),
                }
            }
        }
    }
    let mut components: Map<String, Value> = components
        .into_iter()
        .map(|(kind, named)| (kind, Value::Object(named.into_iter().map(|(name, (_, value))| (name, value)).collect())))
        .collect();
    let schemes = components.entry("securitySchemes").or_insert_with(|| json!({}));
    schemes["access_token"] = json!({ "type": "http", "scheme": "bearer", "bearerFormat": "JWT" });
    let mut merged = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Bijou",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Everything the services that are up offer through the gateway. Errors are problem details (RFC 9457).",
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": components,
    });
    if !collisions.is_empty() {
        merged["x-bijou-collisions"] = json!(collisions);
    }
    (merged, collisions)
}

/// The operations at a path that a route leads to, with what the route asks of callers.
fn public_part(app: &Arc<str>, path: &str, item: &Value, table: &RouteTable) -> Option<Value> {
    let mut public = Map::new();
    for (name, operation) in item.as_object()? {
        let Ok(method) = name.to_ascii_uppercase().parse::<Method>() else { continue };
        let is_method =
            matches!(name.as_str(), "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace");
        if !is_method {
            public.insert(name.clone(), operation.clone());
            continue;
        }
        let Lookup::Found(route) = table.lookup("", path, &method) else { continue };
        if route.target.name() != app {
            continue;
        }
        let mut operation = operation.clone();
        if route.access != Access::Public && operation.get("security").is_none() {
            operation["security"] = json!([{ "access_token": [] }]);
        }
        public.insert(name.clone(), operation);
    }
    let has_operations = public.values().any(|value| value.get("responses").is_some());
    has_operations.then_some(Value::Object(public))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::default_config;
    use crate::stats::Stats;

    fn table() -> RouteTable {
        RouteTable::compile(&default_config(), &Stats::new(1)).expect("the default routes are right")
    }

    fn document(paths: &[&str], schemas: Value) -> Value {
        let operation = json!({ "get": { "operationId": "x", "responses": {} }, "post": { "responses": {} } });
        let paths: Map<String, Value> = paths.iter().map(|path| ((*path).to_owned(), operation.clone())).collect();
        json!({ "paths": paths, "components": { "schemas": schemas } })
    }

    #[test]
    fn only_what_routes_lead_to_is_public() {
        let documents = BTreeMap::from([
            (
                "CATALOG".into(),
                document(&["/v1/titles/{id}", "/events", "/healthz", "/v1/playbacks"], json!({ "CatalogTitle": {} })),
            ),
            ("PLAYBACK".into(), document(&["/v1/playbacks"], json!({ "PlaybackSession": {} }))),
        ]);
        let (merged, collisions) = merge(&documents, &table());
        let paths: Vec<&str> = merged["paths"].as_object().expect("paths").keys().map(String::as_str).collect();
        assert_eq!(paths, ["/v1/playbacks", "/v1/titles/{id}"]);
        assert!(collisions.is_empty(), "{collisions:?}");
        assert_eq!(merged["components"]["schemas"].as_object().map(Map::len), Some(2));
        assert!(merged["paths"]["/v1/playbacks"]["post"]["security"].is_array());
        assert!(merged["paths"]["/v1/titles/{id}"]["get"].get("security").is_none());
    }

    #[test]
    fn one_name_for_two_things_is_reported() {
        let documents = BTreeMap::from([
            ("CATALOG".into(), document(&["/v1/titles"], json!({ "Card": { "type": "object" }, "Same": {} }))),
            ("RECOMMENDATIONS".into(), document(&["/v1/home"], json!({ "Card": { "type": "string" }, "Same": {} }))),
        ]);
        let (merged, collisions) = merge(&documents, &table());
        assert_eq!(collisions.len(), 1);
        assert!(collisions[0].contains("`Card`"), "{collisions:?}");
        assert_eq!(merged["x-bijou-collisions"].as_array().map(Vec::len), Some(1));
        assert_eq!(merged["components"]["schemas"]["Card"]["type"], "object");
    }
}
