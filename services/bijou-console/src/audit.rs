//! The audit: who changed what, when, from what to what, and why.
//!
//! A handler that changes something records it first and does it then: what cannot be recorded is refused. Whatever a
//! changing request did not record itself, its refusal included, the guard records when it is over
//! (`operator/guard.rs`). Entries are added, never changed, and chained by their hashes (`domain/chain.rs`).

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Instant, SystemTime};

use axum::extract::FromRequestParts;
use bijou_chassis::Reject;
use bijou_problem::Problem;
use bijou_resilience::{Pace, Quota};
use http::StatusCode;
use http::request::Parts;
use serde_json::Value;

use crate::domain::chain::{Entry, Head};
use crate::operator::sign_in_required;
use crate::store::{Store, Wanted, Written};
use crate::time;

/// Entries a minute about people who have not signed in: noise must not fill the disk.
const NOBODYS: std::num::NonZeroU32 = std::num::NonZeroU32::new(30).expect("thirty is not zero");

/// Entries read at once while the chain is walked.
const WALK: i64 = 1_000;

/// What stands in the place of a secret.
const STARS: &str = "***";

/// Who does something, and whether it has been recorded. Handlers take it as an argument.
#[derive(Debug, Clone)]
pub struct Actor {
    who: Arc<str>,
    recorded: Arc<AtomicBool>,
}

impl Actor {
    /// By name: `token` for the bootstrap token, an operator's e-mail address, `system:<part>` for the console itself.
    pub fn named(who: &str) -> Self {
        Self { who: who.into(), recorded: Arc::default() }
    }

    /// Somebody who has not signed in.
    pub fn nobody() -> Self {
        Self::named("nobody")
    }

    /// The same request, by the name it has proved meanwhile.
    pub fn signed_in_as(&self, who: &str) -> Self {
        Self { who: who.into(), recorded: Arc::clone(&self.recorded) }
    }

    /// The name in the audit.
    pub fn who(&self) -> &str {
        &self.who
    }

    /// Says that this request changes nothing, whatever its method: there is nothing to record.
    pub fn only_reads(&self) {
        self.recorded.store(true, Ordering::Relaxed);
    }

    /// Whether something was recorded for this request, or nothing had to be.
    pub fn has_recorded(&self) -> bool {
        self.recorded.load(Ordering::Relaxed)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Reject> {
        parts.extensions.get::<Self>().cloned().ok_or_else(sign_in_required)
    }
}

/// A change, as it is told.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// What is done: `log-level.set`, `fault.start`.
    pub action: &'static str,
    /// To whom or what: `CATALOG/host:catalog:0`, `route:home`.
    pub target: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
    pub reason: Option<String>,
}

/// The audit. Cheap to clone.
#[derive(Clone)]
pub struct Audit {
    store: Store,
    nobodys: Arc<(Quota, Mutex<Pace>)>,
}

/// What a walk over the chain found.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict {
    pub head: Head,
    /// The first place that is not what it was.
    pub broken_at: Option<i64>,
}

impl Audit {
    pub fn new(store: Store) -> Self {
        Self { store, nobodys: Arc::new((Quota::per_minute(NOBODYS), Mutex::default())) }
    }

    /// Records a change; one that cannot be recorded must not be made.
    pub async fn record(&self, actor: &Actor, change: Change) -> Result<(), Reject> {
        if actor.who() == "nobody" && !self.has_room_for_nobody() {
            return Ok(());
        }
        let json = |value: Option<Value>| value.map(|value| without_secrets(value).to_string());
        let entry = Entry {
            at_ms: i64::try_from(time::unix_ns(SystemTime::now()) / 1_000_000).unwrap_or(i64::MAX),
            actor: actor.who().to_owned(),
            action: change.action.to_owned(),
            target: change.target,
            before: json(change.before),
            after: json(change.after),
            reason: change.reason,
        };
        self.store.append_audit(&entry).await.map_err(|error| {
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "audit-unavailable")
                .title("The change cannot be recorded, so it is not made")
                .detail("The console's database does not take entries; its log says why.");
            Reject::new(problem).with_retry_after_s(5).because(error)
        })?;
        actor.recorded.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Entries, newest first.
    pub async fn list(&self, wanted: &Wanted) -> Result<Vec<Written>, Reject> {
        self.store.audit(wanted).await.map_err(Reject::unavailable)
    }

    /// Walks the whole chain.
    pub async fn verify(&self) -> Result<Verdict, Reject> {
        let mut head = Head::genesis();
        loop {
            let entries = self.store.audit_behind(head.seq, WALK).await.map_err(Reject::unavailable)?;
            for Written { entry, link } in &entries {
                match head.follow(entry, link) {
                    Some(next) => head = next,
                    None => return Ok(Verdict { broken_at: Some(head.seq + 1), head }),
                }
            }
            if entries.is_empty() {
                return Ok(Verdict { head, broken_at: None });
            }
        }
    }

    fn has_room_for_nobody(&self) -> bool {
        let (quota, pace) = &*self.nobodys;
        let mut pace = pace.lock().expect("nothing panics while it is held");
        quota.check(&mut pace, Instant::now()).is_ok()
    }
}

/// The value with stars for whatever is named like a secret. Handlers choose what they tell; this is the net below.
fn without_secrets(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(name, value)| {
                    let value = if is_secret(&name) { Value::from(STARS) } else { without_secrets(value) };
                    (name, value)
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(without_secrets).collect()),
        plain => plain,
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["password", "secret", "token", "authorization", "cookie", "api-key", "api_key"]
        .iter()
        .any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_named_like_a_secret_is_starred_at_every_depth() {
        let told = json!({"path": "/x", "headers": [{"Authorization": "Bearer x", "accept": "a"}], "new_password": 1});
        let expected =
            json!({"path": "/x", "headers": [{"Authorization": "***", "accept": "a"}], "new_password": "***"});
        assert_eq!(without_secrets(told), expected);
    }
}
