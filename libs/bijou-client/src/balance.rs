//! Which instance gets the call: the better of two random ones.
//!
//! "Better" is fewer calls in flight, weighed by how often it failed lately. Two random candidates instead of the best
//! of all: a fleet of clients that all see the same best one would take turns drowning it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use bijou_eureka::{Endpoint, Snapshot};
use bijou_resilience::{Breaker, BreakerState, Ewma, RetryBudget};
use rand::RngExt;

use crate::ClientConfig;

/// How long a failure makes an instance less attractive: half of it is forgotten in this time.
const FAILURE_HALF_LIFE: Duration = Duration::from_secs(5);

/// One recent failure weighs like this many calls in flight.
const FAILURE_WEIGHT: f64 = 4.0;

/// An instance as the operator sees it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct InstanceReport {
    /// Called application.
    pub app: String,
    /// Its instance.
    pub instance: String,
    /// Calls on their way to it.
    pub in_flight: u32,
    /// Failures lately, decayed.
    pub failures: f64,
    /// `closed`, `open` or `half-open`.
    pub breaker: &'static str,
}

/// All applications this client has called.
#[derive(Debug, Default)]
pub(crate) struct Balancer {
    applications: Mutex<HashMap<String, Application>>,
}

#[derive(Debug)]
struct Application {
    generation: Option<u64>,
    members: Vec<Arc<Member>>,
    budget: RetryBudget,
}

/// What is remembered about one instance. A process that comes back in the same slot is another one: other address.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) instance: String,
    pub(crate) addr: SocketAddr,
    /// In the zone of this process.
    is_near: bool,
    in_flight: AtomicU32,
    health: Mutex<Health>,
}

#[derive(Debug)]
struct Health {
    breaker: Breaker,
    failures: Ewma,
}

/// A call in flight to one instance. Dropped without a word it says nothing about the instance.
#[derive(Debug)]
pub(crate) struct Lease {
    member: Arc<Member>,
    reported: bool,
}

/// Why there is no instance to call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoChoice {
    NoneUp,
    AllShut,
    AllTried,
}

impl Balancer {
    /// Chooses among the live instances of `app` that `tried` does not hold.
    pub(crate) fn choose(
        &self,
        app: &str,
        snapshot: &Snapshot,
        tried: &[SocketAddr],
        config: &ClientConfig,
        now: Instant,
    ) -> Result<Lease, NoChoice> {
        let mut applications = self.lock();
        let application = entry(&mut applications, app, config, now);
        application.follow(app, snapshot, config, now);
        if application.members.is_empty() {
            return Err(NoChoice::NoneUp);
        }
        let untried: Vec<_> = application.members.iter().filter(|member| !tried.contains(&member.addr)).collect();
        if untried.is_empty() {
            return Err(NoChoice::AllTried);
        }
        let mut open: Vec<_> = untried.into_iter().filter(|member| member.health().breaker.admits(now)).collect();
        // The own zone first, and the others as soon as nobody is left in it.
        if open.iter().any(|member| member.is_near) {
            open.retain(|member| member.is_near);
        }
        let chosen = match open.as_slice() {
            [] => return Err(NoChoice::AllShut),
            [only] => only,
            [_, _, ..] => {
                let first = rand::rng().random_range(0..open.len());
                // Distinct from the first, every other one equally likely.
                let second = (first + rand::rng().random_range(1..open.len())) % open.len();
                if open[first].cost(now) <= open[second].cost(now) { open[first] } else { open[second] }
            }
        };
        chosen.health().breaker.acquire(now);
        chosen.in_flight.fetch_add(1, Ordering::Relaxed);
        Ok(Lease { member: Arc::clone(chosen), reported: false })
    }

    /// Counts a call to `app`, not its retries.
    pub(crate) fn record_call(&self, app: &str, config: &ClientConfig, now: Instant) {
        entry(&mut self.lock(), app, config, now).budget.record_request(now);
    }

    /// Takes a retry from the budget of `app`.
    pub(crate) fn try_retry(&self, app: &str, config: &ClientConfig, now: Instant) -> bool {
        entry(&mut self.lock(), app, config, now).budget.try_retry(now)
    }

    pub(crate) fn report(&self, now: Instant) -> Vec<InstanceReport> {
        let applications = self.lock();
        let mut reports: Vec<_> = applications
            .iter()
            .flat_map(|(app, application)| application.members.iter().map(|member| member.report(app, now)))
            .collect();
        reports.sort_by(|a, b| (&a.app, &a.instance).cmp(&(&b.app, &b.instance)));
        reports
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Application>> {
        self.applications.lock().expect("nothing panics while it is held")
    }
}

fn entry<'a>(
    applications: &'a mut HashMap<String, Application>,
    app: &str,
    config: &ClientConfig,
    now: Instant,
) -> &'a mut Application {
    // `entry` would need an owned key on every call.
    if !applications.contains_key(app) {
        let budget = RetryBudget::new(config.retries, now);
        applications.insert(app.to_owned(), Application { generation: None, members: Vec::new(), budget });
    }
    applications.get_mut(app).expect("inserted above")
}

impl Application {
    /// Takes over a new snapshot; instances that are still there keep what is known about them.
    fn follow(&mut self, app: &str, snapshot: &Snapshot, config: &ClientConfig, now: Instant) {
        if self.generation == Some(snapshot.generation()) {
            return;
        }
        let known = std::mem::take(&mut self.members);
        self.members = snapshot
            .instances(app)
            .iter()
            .map(|endpoint| {
                let is_near = config.zone.is_some() && config.zone == endpoint.zone;
                let same = |member: &&Arc<Member>| {
                    member.addr == endpoint.addr && member.instance == endpoint.instance_id && member.is_near == is_near
                };
                known
                    .iter()
                    .find(same)
                    .cloned()
                    .unwrap_or_else(|| Arc::new(Member::new(endpoint, is_near, config, now)))
            })
            .collect();
        self.generation = Some(snapshot.generation());
    }
}

impl Member {
    fn new(endpoint: &Endpoint, is_near: bool, config: &ClientConfig, now: Instant) -> Self {
        Self {
            instance: endpoint.instance_id.clone(),
            addr: endpoint.addr,
            is_near,
            in_flight: AtomicU32::new(0),
            health: Mutex::new(Health {
                breaker: Breaker::new(config.breaker),
                failures: Ewma::new(FAILURE_HALF_LIFE, 0.0, now),
            }),
        }
    }

    fn cost(&self, now: Instant) -> f64 {
        let failures = self.health().failures.decayed(now);
        (f64::from(self.in_flight.load(Ordering::Relaxed)) + 1.0) * FAILURE_WEIGHT.mul_add(failures, 1.0)
    }

    fn report(&self, app: &str, now: Instant) -> InstanceReport {
        let health = self.health();
        let state: BreakerState = health.breaker.state(now);
        InstanceReport {
            app: app.to_owned(),
            instance: self.instance.clone(),
            in_flight: self.in_flight.load(Ordering::Relaxed),
            failures: health.failures.decayed(now),
            breaker: state.name(),
        }
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().expect("nothing panics while it is held")
    }
}

impl Lease {
    pub(crate) fn member(&self) -> &Member {
        &self.member
    }

    /// It answered; `ok` says whether with something other than a server error.
    pub(crate) fn answered(&mut self, ok: bool, now: Instant) {
        self.reported = true;
        let mut health = self.member.health();
        health.breaker.success();
        if !ok {
            health.failures.add(1.0, now);
        }
    }

    /// It did not answer.
    pub(crate) fn failed(&mut self, now: Instant) {
        self.reported = true;
        let mut health = self.member.health();
        health.breaker.failure(now, &mut rand::rng());
        health.failures.add(1.0, now);
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.member.in_flight.fetch_sub(1, Ordering::Relaxed);
        if !self.reported {
            self.member.health().breaker.forget();
        }
    }
}

#[cfg(test)]
#[path = "balance_tests.rs"]
mod tests;
