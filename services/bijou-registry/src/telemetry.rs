//! Every metric of the registry, under OpenTelemetry's names where there is one.

use std::{
    num::NonZeroU32,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bijou_eureka::{PeerView, Status};
use bijou_resilience::{Pace, Quota};
use bijou_telemetry::{HTTP_SECONDS, Metrics};
use http::{Method, StatusCode};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Unit,
};

use crate::leases::{ApplicationVerdict, Restored, Verdict};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
#[expect(clippy::struct_field_names, reason = "the names of the fields are the labels")]
struct Answered {
    http_request_method: &'static str,
    http_route: &'static str,
    http_response_status_code: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfStatus {
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refusal {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfApplication {
    app: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfPeer {
    peer: String,
}

/// Notes the answers of one connection. What is asked over one is mostly the same, whose histogram is kept at hand.
#[derive(Debug, Default)]
pub struct Served {
    last: Option<(Answered, Histogram)>,
}

impl Served {
    pub fn note(
        &mut self,
        telemetry: &Telemetry,
        method: &Method,
        route: &'static str,
        status: StatusCode,
        took: Duration,
    ) {
        let http_request_method = match *method {
            Method::GET => "GET",
            Method::PUT => "PUT",
            Method::POST => "POST",
            Method::DELETE => "DELETE",
            Method::HEAD => "HEAD",
            _ => "_OTHER",
        };
        let answered = Answered { http_request_method, http_route: route, http_response_status_code: status.as_u16() };
        let histogram = match &self.last {
            Some((last, histogram)) if *last == answered => histogram,
            _ => {
                let histogram = telemetry.duration.get_or_create(&answered).clone();
                &self.last.insert((answered, histogram)).1
            }
        };
        histogram.observe(took.as_secs_f64());
    }
}

/// Handles to the metrics. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Telemetry {
    metrics: Metrics,
    duration: Family<Answered, Histogram, fn() -> Histogram>,
    instances: Family<OfStatus, Gauge>,
    pub registrations: Counter,
    pub registrations_refused: Counter,
    refusals: Family<Refusal, Counter>,
    /// Of `refusals`: what the rate limits would refuse if they were on.
    pub rate_candidates: Counter,
    refusals_logged: Arc<Mutex<Pace>>,
    changes_logged: Arc<Mutex<Pace>>,
    changes_unlogged: Arc<AtomicU64>,
    pub renewals: Counter,
    pub renewals_refused: Counter,
    pub cancellations: Counter,
    pub overrides: Counter,
    pub evictions: Counter,
    pub peer_items_refused: Counter,
    pub watchers: Gauge,
    pub watch_restarts: Counter,
    expired_kept: Gauge,
    is_preserving: Gauge,
    renewals_expected: Gauge,
    renewals_came: Gauge,
    application_kept: Family<OfApplication, Gauge>,
    restored_unconfirmed: Gauge,
    peer_up: Family<OfPeer, Gauge>,
    peer_queued: Family<OfPeer, Gauge>,
    peer_lag_ms: Family<OfPeer, Gauge>,
    peer_sent: Family<OfPeer, Gauge>,
    peer_dropped: Family<OfPeer, Gauge>,
    peer_repaired: Family<OfPeer, Gauge>,
}

impl Telemetry {
    pub fn new(metrics: Metrics) -> Self {
        let refusals = Family::<Refusal, Counter>::default();
        let rate_candidates = refusals.get_or_create(&Refusal { reason: "rate-candidate" }).clone();
        let own = Telemetry {
            metrics,
            duration: Family::new_with_constructor(|| Histogram::new(HTTP_SECONDS)),
            instances: Family::default(),
            registrations: Counter::default(),
            registrations_refused: Counter::default(),
            rate_candidates,
            refusals,
            refusals_logged: Arc::default(),
            changes_logged: Arc::default(),
            changes_unlogged: Arc::default(),
            renewals: Counter::default(),
            renewals_refused: Counter::default(),
            cancellations: Counter::default(),
            overrides: Counter::default(),
            evictions: Counter::default(),
            peer_items_refused: Counter::default(),
            watchers: Gauge::default(),
            watch_restarts: Counter::default(),
            expired_kept: Gauge::default(),
            is_preserving: Gauge::default(),
            renewals_expected: Gauge::default(),
            renewals_came: Gauge::default(),
            application_kept: Family::default(),
            restored_unconfirmed: Gauge::default(),
            peer_up: Family::default(),
            peer_queued: Family::default(),
            peer_lag_ms: Family::default(),
            peer_sent: Family::default(),
            peer_dropped: Family::default(),
            peer_repaired: Family::default(),
        };
        own.metrics.register(|registry| {
            let help = "Time from the request's head to the head of its answer";
            registry.register_with_unit("http_server_request_duration", help, Unit::Seconds, own.duration.clone());
            registry.register("bijou_registry_instances", "Registered instances by status", own.instances.clone());
            let counters = [
                ("registrations", "Registrations taken", &own.registrations),
                (
                    "registrations_refused",
                    "Registrations that could not be read or were over a limit",
                    &own.registrations_refused,
                ),
                ("renewals", "Leases renewed", &own.renewals),
                ("renewals_refused", "Renewals answered with: register again", &own.renewals_refused),
                ("cancellations", "Leases ended by their client", &own.cancellations),
                ("overrides", "Status overrides set or removed", &own.overrides),
                ("evictions", "Leases ended because nobody renewed them", &own.evictions),
                (
                    "peer_items_refused",
                    "Events of peers that were not understood or not taken",
                    &own.peer_items_refused,
                ),
                ("watch_restarts", "Watchers too slow for single changes, sent the whole list", &own.watch_restarts),
            ];
            for (name, help, counter) in counters {
                registry.register(format!("bijou_registry_{name}"), help, counter.clone());
            }
            let help = "Requests refused for their credentials, by the rules, by the rate (candidate: would have been)";
            registry.register("bijou_registry_refusals", help, own.refusals.clone());
            let gauges = [
                ("watchers", "Open watches", &own.watchers),
                ("expired_kept", "Expired leases kept by self-preservation", &own.expired_kept),
                ("self_preservation", "1 while expired leases are kept", &own.is_preserving),
                ("renewals_expected_per_minute", "Renewals a minute that all leases owe", &own.renewals_expected),
                ("renewals_last_minute", "Renewals of the last minute", &own.renewals_came),
                ("restored_unconfirmed", "Leases from disk that nobody renewed yet", &own.restored_unconfirmed),
            ];
            for (name, help, gauge) in gauges {
                registry.register(format!("bijou_registry_{name}"), help, gauge.clone());
            }
            let help = "Expired leases kept by self-preservation, by application";
            registry.register("bijou_registry_application_expired_kept", help, own.application_kept.clone());
            let of_peers = [
                ("up", "1 while the peer answers", &own.peer_up),
                ("queued", "Instances whose events wait for the peer", &own.peer_queued),
                ("lag_ms", "Age of the oldest event that waits for the peer", &own.peer_lag_ms),
                ("sent_events", "Events the peer took", &own.peer_sent),
                ("dropped_events", "Events given up, left to the next comparison", &own.peer_dropped),
                ("repaired", "Differences found by comparison", &own.peer_repaired),
            ];
            for (name, help, family) in of_peers {
                registry.register(format!("bijou_registry_peer_{name}"), help, family.clone());
            }
        });
        own
    }

    /// Counts a request that was refused before it was looked at.
    pub fn refused(&self, reason: &'static str) {
        self.refusals.get_or_create(&Refusal { reason }).inc();
    }

    /// Whether a refusal gets a log line: a few a minute do, so that a flood of them does not flood the log.
    pub fn may_log_refusal(&self) -> bool {
        const LINES_PER_MINUTE: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
        let mut pace = self.refusals_logged.lock().unwrap_or_else(PoisonError::into_inner);
        Quota::per_minute(LINES_PER_MINUTE).check(&mut pace, Instant::now()).is_ok()
    }

    /// Whether a change gets a log line of its own. Beyond a hundred a second they are counted: a line costs more than the
    /// registration it tells of, and nobody reads them.
    pub fn may_log_change(&self) -> bool {
        const LINES_PER_SECOND: NonZeroU32 = NonZeroU32::new(100).expect("not zero");
        let mut pace = self.changes_logged.lock().unwrap_or_else(PoisonError::into_inner);
        let is_allowed = Quota::per_second(LINES_PER_SECOND).check(&mut pace, Instant::now()).is_ok();
        if !is_allowed {
            self.changes_unlogged.fetch_add(1, Ordering::Relaxed);
        }
        is_allowed
    }

    /// How many changes got no line since this was last asked.
    pub fn take_changes_unlogged(&self) -> u64 {
        self.changes_unlogged.swap(0, Ordering::Relaxed)
    }

    /// All metrics as text. What is read off the leases is read now.
    pub fn encode(
        &self,
        status_counts: [usize; Status::ALL.len()],
        verdict: Verdict,
        (renewals_expected, renewals_came): (u64, u64),
        applications: &[ApplicationVerdict],
        restored: Restored,
        peers: &[PeerView],
    ) -> String {
        for (status, count) in Status::ALL.into_iter().zip(status_counts) {
            self.instances.get_or_create(&OfStatus { status: status.as_str() }).set(count as i64);
        }
        self.expired_kept.set(if verdict.standing.keeps_expired() { verdict.expired as i64 } else { 0 });
        self.renewals_expected.set(renewals_expected as i64);
        self.renewals_came.set(renewals_came as i64);
        self.is_preserving.set(i64::from(verdict.standing.keeps_expired()));
        self.restored_unconfirmed.set(restored.unconfirmed as i64);
        // Those that keep nothing any more are not listed.
        self.application_kept.clear();
        for one in applications.iter().filter(|one| one.verdict.standing.keeps_expired()) {
            let labels = OfApplication { app: one.app.to_string() };
            self.application_kept.get_or_create(&labels).set(one.verdict.expired as i64);
        }
        for peer in peers {
            let labels = OfPeer { peer: peer.url.clone() };
            self.peer_up.get_or_create(&labels).set(i64::from(peer.state == "up"));
            self.peer_queued.get_or_create(&labels).set(peer.queued as i64);
            self.peer_lag_ms.get_or_create(&labels).set(peer.lag_ms as i64);
            self.peer_sent.get_or_create(&labels).set(peer.sent as i64);
            self.peer_dropped.get_or_create(&labels).set(peer.dropped as i64);
            self.peer_repaired.get_or_create(&labels).set(peer.repaired as i64);
        }
        self.metrics.encode()
    }
}
