//! Among whom the balancer would choose, and what the chosen one would get.

use super::{Candidate, Case, Upstream};
use crate::balance::HealthState;
use crate::forward::is_idempotent;
use crate::routes::{Route, Target};
use crate::shared::InstanceView;

impl Case<'_> {
    pub(super) fn candidates(&self, target: &Target) -> Vec<Candidate> {
        let listed: Vec<(String, String)> = match target {
            Target::App(name) => {
                let snapshot = self.shared.discovery.snapshot();
                let listed = snapshot.instances(name).iter();
                listed.map(|endpoint| (endpoint.instance_id.clone(), endpoint.addr.to_string())).collect()
            }
            Target::Addresses { addresses, .. } => {
                addresses.iter().map(|address| (address.to_string(), address.to_string())).collect()
            }
        };
        let views = self.shared.instance_views();
        let mut candidates: Vec<Candidate> =
            listed.into_iter().flat_map(|(id, address)| seen(&views, id, address)).collect();
        // Tripped ones get nothing while there are others, whatever their score.
        let is_tripped = |one: &Candidate| one.state == HealthState::Tripped.name();
        candidates.sort_by(|a, b| is_tripped(a).cmp(&is_tripped(b)).then(a.score.total_cmp(&b.score)));
        candidates
    }

    pub(super) fn upstream(&self, route: &Route) -> Upstream {
        let query = self.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        Upstream {
            request: format!("{} {}{query}", self.method, self.path()),
            passport_audience: route.audience.to_vec(),
            deadline_ms: route.timeout.as_millis() as u64,
            attempt_ms: route.attempt_timeout.as_millis() as u64,
            attempts_max: if route.retry { self.settings.config.retries.attempts_max } else { 1 },
            repeats_sent: route.retry && is_idempotent(&self.method),
        }
    }
}

/// Every worker's view of an instance, or a new one's where none has met it.
fn seen(views: &[InstanceView], instance_id: String, address: String) -> Vec<Candidate> {
    let views = views.iter().filter(|view| *view.instance_id == *instance_id && view.address == address);
    let known: Vec<Candidate> = views
        .map(|view| Candidate {
            instance_id: instance_id.clone(),
            address: address.clone(),
            worker: Some(view.worker),
            state: view.state,
            score: view.score,
            in_flight: view.in_flight,
        })
        .collect();
    if !known.is_empty() {
        return known;
    }
    vec![Candidate {
        instance_id,
        address,
        worker: None,
        state: HealthState::Probation.name(),
        score: 1.0,
        in_flight: 0,
    }]
}
