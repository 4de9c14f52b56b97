//! Asking every instance of ours, every two seconds, whether it is ready and what it waits for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bijou_client::Client;
use bijou_eureka::{Discovery, Endpoint};
use futures_util::future::join_all;
use serde::Serialize;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

use crate::state::{Live, Shared};
use crate::time;

/// How often everybody is asked.
const ASK_EVERY: Duration = Duration::from_secs(2);

/// How long one may take to answer; longer counts as unreachable.
const PATIENCE: Duration = Duration::from_secs(1);

/// What instances of ours carry in the registry.
pub const OURS: &str = "bijou.version";

/// When the process of an instance of ours began to serve, in milliseconds since 1970; it names the process, too.
const PROCESS: &str = "bijou.process";

/// When an instance began to serve, in milliseconds since 1970 by its own clock; others than ours do not say.
pub fn born_ms(endpoint: &Endpoint) -> Option<u64> {
    endpoint.metadata.get(PROCESS)?.parse().ok()
}

/// How an instance is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ConsoleHealth)]
#[expect(clippy::struct_field_names, reason = "the member's name in the answer")]
pub struct Health {
    /// `ready`, `not-ready`, `unreachable` or `unknown`.
    pub health: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub phase: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// RFC 3339, UTC; absent when it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub checked_at: Option<String>,
}

impl Health {
    /// Of an instance that was not asked.
    pub fn unknown() -> Self {
        Self { health: "unknown", phase: None, reasons: Vec::new(), checked_at: None }
    }

    /// Whether it says the same apart from when.
    fn is_same(&self, other: &Self) -> bool {
        (self.health, &self.phase, &self.reasons) == (other.health, &other.phase, &other.reasons)
    }
}

/// The newest answer of everybody, by instance id.
#[derive(Debug, Clone, Default)]
pub struct HealthBook(Arc<Mutex<HashMap<String, Health>>>);

impl HealthBook {
    /// How an instance was when it was asked last.
    pub fn of(&self, instance_id: &str) -> Health {
        let book = self.0.lock().expect("nothing panics while it is held");
        book.get(instance_id).cloned().unwrap_or_else(Health::unknown)
    }

    /// Replaces everything. Whether anybody is other than before.
    fn replace(&self, new: HashMap<String, Health>) -> bool {
        let mut book = self.0.lock().expect("nothing panics while it is held");
        let same = book.len() == new.len()
            && new.iter().all(|(id, health)| book.get(id).is_some_and(|before| before.is_same(health)));
        *book = new;
        !same
    }
}

/// Asks until `stop`, and tells the live stream's readers when the picture changed.
pub async fn watch(client: Client, discovery: Discovery, book: HealthBook, shared: Shared, stop: CancellationToken) {
    let mut generation = 0;
    loop {
        let snapshot = discovery.snapshot();
        let endpoints: Vec<_> =
            snapshot.applications().flat_map(|app| snapshot.all(app).iter().map(Arc::clone)).collect();
        let asked = endpoints
            .iter()
            .filter(|endpoint| endpoint.metadata.contains_key(OURS))
            .map(|endpoint| ask(&client, endpoint));
        // Kept out of telemetry: a question every two seconds is nobody's request.
        let answers = bijou_telemetry::suppressed(join_all(asked)).await;
        let changed = book.replace(answers.into_iter().collect());
        if changed || snapshot.generation() != generation {
            generation = snapshot.generation();
            shared.tell(Live::Instances);
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = discovery.changed_since(generation) => {}
            () = tokio::time::sleep(ASK_EVERY) => {}
        }
    }
}

async fn ask(client: &Client, endpoint: &Endpoint) -> (String, Health) {
    let request = client.to_instance(endpoint).get("/readyz").attempt_timeout(PATIENCE).idempotent(false);
    let answer = request.send().await;
    let checked_at = Some(time::rfc3339(time::unix_ns(SystemTime::now())));
    let health = match answer {
        Ok(response) => {
            let body = serde_json::from_slice(&response.body).unwrap_or(Value::Null);
            let health = if response.status.is_success() { "ready" } else { "not-ready" };
            let phase = body["phase"].as_str().map(str::to_owned);
            Health { health, phase, reasons: reasons(&body), checked_at }
        }
        Err(error) => Health { health: "unreachable", phase: None, reasons: vec![error.to_string()], checked_at },
    };
    (endpoint.instance_id.clone(), health)
}

/// What a `/readyz` waits for, as `name: reason`.
fn reasons(body: &Value) -> Vec<String> {
    let checks = body["checks"].as_array().into_iter().flatten();
    checks
        .filter(|check| check["ready"] == false)
        .filter_map(|check| {
            let name = check["name"].as_str()?;
            Some(check["reason"].as_str().map_or_else(|| name.to_owned(), |reason| format!("{name}: {reason}")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_missing_is_a_reason() {
        let body = json!({"checks": [{"name": "store", "ready": true}, {"name": "index", "ready": false, "reason": "being built"}]});
        assert_eq!(reasons(&body), ["index: being built"]);
        assert!(reasons(&json!("ok")).is_empty());
    }

    #[test]
    fn a_later_answer_of_the_same_content_is_no_change() {
        let health = |at: &str| Health { checked_at: Some(at.to_owned()), ..Health::unknown() };
        let book = HealthBook::default();
        assert!(book.replace(HashMap::from([("a".to_owned(), health("1"))])));
        assert!(!book.replace(HashMap::from([("a".to_owned(), health("2"))])));
        assert!(book.replace(HashMap::new()));
    }
}
