//! Among whom the balancer would choose, and what the chosen one would get.

use super::{Candidate, Case, Upstream, Zones};
use crate::balance::HealthState;
use crate::balance::zones::{Locality, gateways_near, share_near};
use crate::forward::is_idempotent;
use crate::routes::{Route, Target};
use crate::shared::InstanceView;

impl Case<'_> {
    pub(super) fn candidates(&self, target: &Target) -> Vec<Candidate> {
        let listed: Vec<Candidate> = match target {
            Target::App(name) => {
                let snapshot = self.shared.discovery.snapshot();
                let listed = snapshot.instances(name).iter();
                let listed = listed.map(|endpoint| {
                    let own = self.shared.zone.as_deref();
                    let locality = own.map(|own| Locality::of(own, endpoint.zone.as_deref()).name());
                    let zone = endpoint.zone.clone();
                    Candidate { zone, locality, ..unmet(endpoint.instance_id.clone(), endpoint.addr.to_string()) }
                });
                listed.collect()
            }
            Target::Addresses { addresses, .. } => {
                addresses.iter().map(|address| unmet(address.to_string(), address.to_string())).collect()
            }
        };
        let views = self.shared.instance_views();
        let mut candidates: Vec<Candidate> = listed.into_iter().flat_map(|listed| seen(&views, listed)).collect();
        // Tripped ones get nothing while there are others, whatever their score.
        let is_tripped = |one: &Candidate| one.state == HealthState::Tripped.name();
        candidates.sort_by(|a, b| is_tripped(a).cmp(&is_tripped(b)).then(a.score.total_cmp(&b.score)));
        candidates
    }

    /// The same share that workers draw by, out of what all of them see.
    pub(super) fn zones(&self, target: &Target, candidates: &[Candidate]) -> Option<Zones> {
        let own = self.shared.zone.as_deref().filter(|_| matches!(target, Target::App(_)))?;
        // Not every worker has met everybody: an instance counts once, however many see it.
        let is_one = |a: &Candidate, b: &Candidate| a.instance_id == b.instance_id && a.address == b.address;
        let views = |of: &Candidate| candidates.iter().filter(|one| is_one(one, of)).count() as f32;
        let carries = |near: bool| {
            let those = candidates.iter().filter(|one| (one.locality == Some(Locality::Same.name())) == near);
            those.map(|one| one.capacity / views(one)).sum::<f32>()
        };
        let (near, far) = (carries(true), carries(false));
        let gateways = gateways_near(&self.shared.discovery.snapshot(), own);
        let share = share_near(near, far, gateways);
        let percent = |part: f32| format!("{:.0} %", part * 100.0);
        let why = if near <= 0.0 {
            "none of its instances can be called".to_owned()
        } else if far <= 0.0 {
            "all instances that can be called are in it".to_owned()
        } else {
            let (here, gateways) = (percent(near / (near + far)), percent(gateways));
            let enough = if share < 1.0 { "others carry the rest" } else { "that is enough" };
            format!("it has {here} of the capacity for {gateways} of the gateways: {enough}")
        };
        Some(Zones { own: own.to_owned(), share, why })
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
fn seen(views: &[InstanceView], listed: Candidate) -> Vec<Candidate> {
    let views = views.iter().filter(|view| *view.instance_id == *listed.instance_id && view.address == listed.address);
    let known: Vec<Candidate> = views
        .map(|view| Candidate {
            instance_id: listed.instance_id.clone(),
            address: listed.address.clone(),
            worker: Some(view.worker),
            state: view.state,
            score: view.score,
            in_flight: view.in_flight,
            zone: listed.zone.clone(),
            locality: listed.locality,
            capacity: view.capacity,
        })
        .collect();
    if known.is_empty() { vec![listed] } else { known }
}

/// An instance nothing is known about but where it is.
fn unmet(instance_id: String, address: String) -> Candidate {
    Candidate {
        instance_id,
        address,
        worker: None,
        state: HealthState::Probation.name(),
        score: 1.0,
        in_flight: 0,
        zone: None,
        locality: None,
        capacity: 1.0,
    }
}
