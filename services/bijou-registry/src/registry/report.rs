//! The registry explained: every lease with its age, self-preservation with its arithmetic, peers with their lag.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use bijou_eureka::{ApplicationPreservation, LeaseReport, LeaseView, PreservationView, RestoredView};
use serde::Serialize;
use tracing::{info, warn};

use super::Registry;
use crate::{
    access::Apps,
    clock::Moment,
    leases::{ApplicationVerdict, Record, Shown, Standing, Verdict},
};

/// A registration or an end, to be looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Happened {
    pub at_ms: u64,
    pub app: String,
    pub instance_id: String,
    /// As it was then.
    pub status: &'static str,
}

/// The latest registrations, changes and ends, newest first.
#[derive(Debug, Serialize)]
pub struct Lately {
    pub registered: Vec<Happened>,
    pub changed: Vec<Happened>,
    pub ended: Vec<Happened>,
}

impl Registry {
    /// The leases of the applications that are wanted, each with its age, how self-preservation stands, and the peers.
    pub fn report(&self, is_wanted: impl Fn(&str) -> bool) -> LeaseReport {
        let mut state = self.lock();
        let now = self.clock.now();
        let verdict = state.leases.verdict(now);
        let (expected, came) = state.leases.renewals(now);
        let applications = state.leases.application_verdicts(now);
        let restored = state.leases.restored();
        LeaseReport {
            epoch: self.epoch.to_string(),
            revision: state.leases.revision(),
            now_ms: now.unix_ms,
            self_preservation: PreservationView {
                state: verdict.standing.as_str().to_owned(),
                instances: verdict.instances,
                expired_kept: verdict.expired,
                evicted_lately: verdict.evicted_lately,
                gone_max: verdict.gone_max,
                instances_min: verdict.instances_min,
                renewals_expected_per_minute: expected,
                renewals_last_minute: came,
                explanation: explain(&verdict, Some((expected, came))),
                applications: applications.iter().map(application_view).collect(),
            },
            restored: (restored.unconfirmed > 0).then_some(RestoredView {
                leases: restored.leases,
                unconfirmed: restored.unconfirmed,
                since_ms: restored.since_unix_ms,
            }),
            peers: self.peers.views(now.mono_ms),
            regions: self.regions.views(),
            leases: state
                .leases
                .each()
                .filter(|shown| is_wanted(shown.record.instance.app()))
                .map(|shown| lease_view(shown, now))
                .collect(),
        }
    }

    pub fn metrics(&self) -> String {
        let (status_counts, verdict, renewals, applications, restored) = {
            let mut state = self.lock();
            let now = self.clock.now();
            let verdict = state.leases.verdict(now);
            let applications = state.leases.application_verdicts(now);
            let renewals = state.leases.renewals(now);
            (state.leases.status_counts(), verdict, renewals, applications, state.leases.restored())
        };
        let peers = self.peers.views(self.now().mono_ms);
        self.telemetry.encode(status_counts, verdict, renewals, &applications, restored, &peers)
    }

    pub fn lately(&self, apps: &Apps) -> Lately {
        let state = self.lock();
        let latest = |queue: &VecDeque<Arc<Record>>| {
            queue.iter().rev().filter(|record| apps.has(record.instance.app())).map(|record| happened(record)).collect()
        };
        Lately { registered: latest(&state.registered), changed: latest(&state.changed), ended: latest(&state.ended) }
    }

    /// Overrides by instance id, as Eureka tells them.
    pub fn overrides(&self, apps: &Apps) -> BTreeMap<String, &'static str> {
        self.lock().leases.overrides(|app| apps.has(app))
    }
}

impl Registry {
    /// Says when self-preservation begins and ends, with its arithmetic.
    pub(super) fn tell_standing(&self, verdict: Verdict) {
        let (previous, renewals, began, ended) = {
            let mut state = self.lock();
            let now = self.clock.now();
            let previous = std::mem::replace(&mut state.standing, verdict.standing);
            let renewals = (previous != verdict.standing).then(|| state.leases.renewals(now));
            let verdicts = state.leases.application_verdicts(now);
            let preserving = verdicts.iter().filter(|one| one.verdict.standing.keeps_expired());
            let names = preserving.clone().map(|one| Arc::clone(&one.app)).collect::<Vec<_>>();
            let began = preserving
                .filter(|one| !state.preserving.contains(&one.app))
                .map(explain_application)
                .collect::<Vec<_>>();
            let ended = state.preserving.iter().filter(|app| !names.contains(app)).cloned().collect::<Vec<_>>();
            state.preserving = names;
            (previous, renewals, began, ended)
        };
        for explanation in began {
            warn!("self-preservation: {explanation}");
        }
        for app in ended {
            info!(registry.app = %app, "self-preservation of `{app}` is over: leases end when they say again");
        }
        if previous == verdict.standing {
            return;
        }
        match verdict.standing {
            Standing::Preserving => {
                warn!(registry.expired = verdict.expired, "self-preservation: {}", explain(&verdict, renewals));
            }
            Standing::CatchingUp => {
                warn!("this process stood still for a while: leases are kept until clients had time to renew them");
            }
            Standing::Off | Standing::Watching | Standing::TakenForGone if previous.keeps_expired() => {
                info!("self-preservation is over: leases end when they say again");
            }
            Standing::Off | Standing::Watching | Standing::TakenForGone => {}
        }
    }
}

fn application_view(one: &ApplicationVerdict) -> ApplicationPreservation {
    let verdict = &one.verdict;
    ApplicationPreservation {
        app: one.app.to_string(),
        state: verdict.standing.as_str().to_owned(),
        instances: verdict.instances,
        expired: verdict.expired,
        evicted_lately: verdict.evicted_lately,
        gone_max: verdict.gone_max,
        renewals_expected_per_minute: one.renewals_expected,
        renewals_last_minute: one.renewals_last_minute,
        since_ms: verdict.since_unix_ms,
        until_ms: verdict.until_unix_ms,
        explanation: explain_application(one),
    }
}

pub fn explain_application(one: &ApplicationVerdict) -> String {
    format!("{}: {}", one.app, explain(&one.verdict, Some((one.renewals_expected, one.renewals_last_minute))))
}

/// The arithmetic in one sentence. `renewals` are those expected and those that came within a minute.
pub fn explain(verdict: &Verdict, renewals: Option<(u64, u64)>) -> String {
    let Verdict { instances, expired, evicted_lately, gone_max, instances_min, .. } = *verdict;
    match verdict.standing {
        Standing::Off if instances < instances_min => {
            format!("{instances} instances, fewer than {instances_min}: every lease ends when it says")
        }
        Standing::Off => "switched off: every lease ends when it says".to_owned(),
        Standing::Watching => format!(
            "{} of {} instances fell silent within a minute, {gone_max} may: leases end when they say",
            expired + evicted_lately,
            instances + evicted_lately
        ),
        Standing::Preserving => {
            let renewals = renewals
                .map(|(expected, came)| {
                    format!("expected {} renewals a minute, got {}, ", grouped(expected), grouped(came))
                })
                .unwrap_or_default();
            let since = verdict.since_unix_ms.map(|ms| format!(" since {} UTC", time_of_day(ms))).unwrap_or_default();
            let must_return = (expired + evicted_lately).saturating_sub(gone_max);
            let until = verdict
                .until_unix_ms
                .map(|ms| format!(", at the latest at {} UTC", time_of_day(ms)))
                .unwrap_or_default();
            format!(
                "{renewals}keeping {expired} silent instances of {instances}{since} ({expired} are over, {evicted_lately} \
                 ended within the last minute, {gone_max} may); ends when {must_return} of them renew or leave{until}"
            )
        }
        Standing::TakenForGone => format!("{expired} instances stayed silent for so long that they are taken for gone"),
        Standing::CatchingUp => {
            "this process stood still for a while: leases are kept until clients had time to renew them".to_owned()
        }
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn time_of_day(unix_ms: u64) -> String {
    let minutes = unix_ms / 60_000 % (24 * 60);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Every change makes a record with its time.
fn happened(record: &Record) -> Happened {
    let instance = &record.instance;
    Happened {
        at_ms: instance.last_updated_ms,
        app: instance.app().to_owned(),
        instance_id: instance.id().to_owned(),
        status: instance.status.as_str(),
    }
}

fn lease_view(shown: Shown<'_>, now: Moment) -> LeaseView {
    let instance = shown.record.look();
    LeaseView {
        app: instance.app.to_owned(),
        instance_id: instance.id().to_owned(),
        host_name: instance.host_name.to_owned(),
        ip_addr: instance.ip_addr.to_owned(),
        port: instance.port.number,
        status: instance.status.to_string(),
        overridden_status: shown.overridden.map(|status| status.to_string()),
        override_reason: shown.override_reason.map(str::to_owned),
        zone: instance.zone().map(str::to_owned),
        registered_ms: instance.lease.registration_ms,
        renewed_ms: shown.renewed.unix_ms,
        renewal_interval_s: instance.lease.renewal_interval_s,
        duration_s: instance.lease.duration_s,
        expires_in_ms: (shown.renewed.mono_ms + shown.duration_ms) as i64 - now.mono_ms as i64,
        heard_from: shown.heard.as_str().to_owned(),
        metadata: instance.metadata.to_map(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preservation_is_explained_in_one_sentence() {
        let verdict = Verdict {
            standing: Standing::Preserving,
            instances: 59,
            expired: 44,
            evicted_lately: 1,
            gone_max: 9,
            instances_min: 10,
            since_unix_ms: Some(1_790_000_000_000),
            until_unix_ms: Some(1_790_000_300_000),
        };
        assert_eq!(
            explain(&verdict, Some((1_180, 620))),
            "expected 1,180 renewals a minute, got 620, keeping 44 silent instances of 59 since 14:13 UTC (44 are over, 1 \
             ended within the last minute, 9 may); ends when 36 of them renew or leave, at the latest at 14:18 UTC"
        );
        let few = Verdict { standing: Standing::Off, instances: 3, instances_min: 10, ..Verdict::default() };
        assert_eq!(explain(&few, None), "3 instances, fewer than 10: every lease ends when it says");
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
