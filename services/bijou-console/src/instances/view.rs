//! The picture at one moment: discovery's snapshot, the registry's leases, everybody's health and last minute.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bijou_eureka::{Discovery, Endpoint, LeaseReport, LeaseView as Lease, RegistryClient};
use serde::Serialize;
use utoipa::ToSchema;

use super::health::{Health, HealthBook};
use crate::domain::minute::{Minute, Outside};
use crate::state::Shared;
use crate::time;

/// How long the registry may take to show its leases.
const PATIENCE: Duration = Duration::from_secs(1);

/// Everybody the registry knows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleInstances)]
pub struct InstancesView {
    /// RFC 3339, UTC.
    pub now: String,
    pub registry: RegistryView,
    /// What came from outside, by what gateways count; absent while none was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub outside: Option<OutsideView>,
    pub items: Vec<InstanceView>,
}

/// What came from outside lately. Nothing of it is sampled.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleOutside)]
pub struct OutsideView {
    pub last_minute: Minute,
    /// Over as much of the last minute as is known.
    pub per_second: f64,
    /// Oldest first, some ten seconds apart, of the last five minutes.
    pub looks: Vec<LookView>,
}

/// Requests between two looks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleLook)]
pub struct LookView {
    /// Until then, RFC 3339, UTC.
    pub at: String,
    pub per_second: f64,
}

impl OutsideView {
    fn of(outside: Outside, now: Instant, now_ms: u64) -> Self {
        let at = |at: Instant| {
            let ago_ms = u64::try_from(now.saturating_duration_since(at).as_millis()).unwrap_or(u64::MAX);
            time::rfc3339_ms(now_ms.saturating_sub(ago_ms))
        };
        let looks = outside.looks.iter().map(|look| LookView { at: at(look.at), per_second: look.per_second });
        Self { last_minute: outside.last_minute, per_second: outside.per_second, looks: looks.collect() }
    }
}

/// The registry itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleRegistry)]
pub struct RegistryView {
    pub reachable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub epoch: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub revision: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub self_preservation: Option<String>,
}

/// One instance.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleInstance)]
pub struct InstanceView {
    pub app: String,
    pub role: String,
    pub instance_id: String,
    pub addr: String,
    /// As the registry has it: `UP`, `DOWN`, `STARTING`, `OUT_OF_SERVICE`, `UNKNOWN`.
    pub status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub zone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub version: Option<String>,
    pub metadata: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub lease: Option<LeaseView>,
    #[serde(flatten)]
    pub health: Health,
    /// By what it counts of every request; absent while it was not asked, or when it counts none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last_minute: Option<Minute>,
}

/// The lease an instance renews.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleLease)]
pub struct LeaseView {
    /// Since the last renewal.
    pub age_ms: u64,
    pub duration_ms: u64,
    pub renewed_every_ms: u64,
    /// Negative once it is over and the instance is kept by self-preservation.
    pub expires_in_ms: i64,
    pub registered_at: String,
    pub renewed_at: String,
}

/// The picture now.
pub async fn instances(
    registry: Option<&RegistryClient>,
    registry_url: &str,
    discovery: &Discovery,
    book: &HealthBook,
    shared: &Shared,
) -> InstancesView {
    let report = match registry {
        Some(registry) => tokio::time::timeout(PATIENCE, registry.leases()).await.ok().and_then(Result::ok),
        None => None,
    };
    let mut seen: BTreeMap<(String, String), InstanceView> = BTreeMap::new();
    let snapshot = discovery.snapshot();
    for endpoint in snapshot.applications().flat_map(|app| snapshot.all(app)) {
        seen.insert((endpoint.app.clone(), endpoint.instance_id.clone()), of_endpoint(endpoint, book));
    }
    for lease in report.iter().flat_map(|report| &report.leases) {
        let view = seen.entry((lease.app.clone(), lease.instance_id.clone())).or_insert_with(|| of_lease(lease, book));
        view.status = lease.overridden_status.clone().unwrap_or_else(|| lease.status.clone());
        view.lease = report.as_ref().map(|report| lease_view(lease, report));
    }
    let mut items: Vec<_> = seen.into_values().collect();
    // It has an entry in itself; without one (it is not reached yet, or it is another kind) it is shown all the same.
    if !items.iter().any(|item| item.app == "REGISTRY") {
        items.push(the_registry(registry_url, report.is_some()));
    }
    items.sort_by(|a, b| (&a.app, &a.instance_id).cmp(&(&b.app, &b.instance_id)));
    let (now, now_ns) = (Instant::now(), time::unix_ns(SystemTime::now()));
    let outside = {
        let minutes = shared.minutes();
        for item in &mut items {
            item.last_minute = minutes.of(&item.instance_id, now);
        }
        minutes.outside(now).map(|outside| OutsideView::of(outside, now, now_ns / 1_000_000))
    };
    InstancesView {
        now: time::rfc3339(now_ns),
        registry: RegistryView {
            reachable: report.is_some(),
            epoch: report.as_ref().map(|report| report.epoch.clone()),
            revision: report.as_ref().map(|report| report.revision),
            self_preservation: report.map(|report| report.self_preservation.state),
        },
        outside,
        items,
    }
}

fn of_endpoint(endpoint: &Arc<Endpoint>, book: &HealthBook) -> InstanceView {
    InstanceView {
        app: endpoint.app.clone(),
        role: endpoint.app.to_ascii_lowercase(),
        instance_id: endpoint.instance_id.clone(),
        addr: endpoint.addr.to_string(),
        status: endpoint.status.as_str().to_owned(),
        zone: endpoint.zone.clone(),
        version: endpoint.metadata.get("bijou.version").cloned(),
        metadata: endpoint.metadata.clone(),
        lease: None,
        health: book.of(&endpoint.instance_id),
        last_minute: None,
    }
}

/// An instance that discovery does not offer: its address is a name, or it has not been told of it yet.
fn of_lease(lease: &Lease, book: &HealthBook) -> InstanceView {
    InstanceView {
        app: lease.app.clone(),
        role: lease.app.to_ascii_lowercase(),
        instance_id: lease.instance_id.clone(),
        addr: format!("{}:{}", lease.ip_addr, lease.port),
        status: lease.status.clone(),
        zone: lease.zone.clone(),
        version: lease.metadata.get("bijou.version").cloned(),
        metadata: lease.metadata.clone(),
        lease: None,
        health: book.of(&lease.instance_id),
        last_minute: None,
    }
}

/// A registry without an entry in itself, at the first of its addresses; its health is whether it answered just now.
fn the_registry(url: &str, reachable: bool) -> InstanceView {
    let first = url.split(',').next().unwrap_or_default().trim();
    let place = first.trim_start_matches("http://").split('/').next().unwrap_or_default();
    // Without the credentials.
    let addr = place.rsplit('@').next().unwrap_or_default().to_owned();
    let now = time::rfc3339(time::unix_ns(SystemTime::now()));
    InstanceView {
        app: "REGISTRY".to_owned(),
        role: "registry".to_owned(),
        instance_id: "registry".to_owned(),
        addr,
        status: if reachable { "UP" } else { "UNKNOWN" }.to_owned(),
        zone: None,
        version: None,
        metadata: BTreeMap::new(),
        lease: None,
        health: Health {
            health: if reachable { "ready" } else { "unreachable" },
            phase: None,
            reasons: Vec::new(),
            checked_at: Some(now),
        },
        last_minute: None,
    }
}

/// Ages by the registry's own clock: ours may differ.
fn lease_view(lease: &Lease, report: &LeaseReport) -> LeaseView {
    LeaseView {
        age_ms: report.now_ms.saturating_sub(lease.renewed_ms),
        duration_ms: u64::from(lease.duration_s) * 1_000,
        renewed_every_ms: u64::from(lease.renewal_interval_s) * 1_000,
        expires_in_ms: lease.expires_in_ms,
        registered_at: time::rfc3339_ms(lease.registered_ms),
        renewed_at: time::rfc3339_ms(lease.renewed_ms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_shown_by_the_first_of_its_addresses_and_without_credentials() {
        let shown = the_registry("http://console:secret@registry-1:8761/eureka, http://registry-2:8761/eureka", true);
        assert_eq!(shown.addr, "registry-1:8761");
    }
}
