//! The fault lab: what operators break on purpose, within limits, and how it is kept in force.
//!
//! The list lives here and nowhere else. Every second it is told to each instance that may act it out, with a time to
//! live: a console that dies, or cannot reach an instance, lets go of everything in that time. The plans themselves and
//! their limits are `faults/plan.rs`.

mod plan;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use bijou_chassis::Context;
use bijou_client::{Client, FaultHits, FaultOrder, FaultSheet};
use bijou_eureka::{Discovery, Endpoint};
use futures_util::future::join_all;
use serde_json::json;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::audit::{Actor, Audit, Change};
use crate::instances::control::Instance;

pub use plan::{FaultLimits, FaultPlan, NewFault, ROLES, Refused};

/// How often everybody is told.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// How long an instance goes on that is not told any more.
const TTL_MS: u64 = 5_000;

/// Faults remembered after their end.
const OVER_MAX: usize = 50;

/// Faults in force at once.
const RUNNING_MAX: usize = 16;

/// A fault, running or over.
#[derive(Debug, Clone)]
pub struct Fault {
    pub id: Arc<str>,
    pub plan: FaultPlan,
    /// Who put it in, and why.
    pub by: String,
    pub reason: String,
    pub started: SystemTime,
    ends: Instant,
    pub ends_at: SystemTime,
    /// When it was over, and whether somebody stopped it.
    pub over: Option<(SystemTime, bool)>,
    hits: HashMap<String, Hits>,
    /// Instances that took it when they were told last, and those that did not.
    pub told: usize,
    pub not_told: usize,
}

/// What one instance counted; it begins anew when it restarts.
#[derive(Debug, Clone, Copy, Default)]
struct Hits {
    before: u64,
    last: u64,
}

impl Fault {
    /// Requests struck, over all instances.
    pub fn hits(&self) -> u64 {
        self.hits.values().map(|hits| hits.before + hits.last).sum()
    }

    fn order(&self, now: Instant) -> FaultOrder {
        FaultOrder {
            id: self.id.to_string(),
            does: self.plan.does,
            at: self.plan.at.clone(),
            percent: self.plan.percent,
            accounts_percent: self.plan.accounts_percent,
            ends_in_ms: self.ends.saturating_duration_since(now).as_millis() as u64,
        }
    }
}

/// The lab. Cheap to clone.
#[derive(Clone)]
pub struct FaultLab(Arc<Inner>);

struct Inner {
    client: Client,
    discovery: Discovery,
    instance_id: Arc<str>,
    limits: FaultLimits,
    book: Mutex<Book>,
    changed: Notify,
    /// One telling at a time: a later one must not be overtaken by an earlier one.
    telling: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Book {
    running: Vec<Fault>,
    over: VecDeque<Fault>,
}

impl FaultLab {
    pub fn new(context: &Context, limits: FaultLimits) -> Self {
        Self(Arc::new(Inner {
            client: context.client.clone(),
            discovery: context.discovery.clone(),
            instance_id: Arc::clone(&context.instance_id),
            limits,
            book: Mutex::default(),
            changed: Notify::new(),
            telling: tokio::sync::Mutex::default(),
        }))
    }

    pub fn limits(&self) -> FaultLimits {
        self.0.limits
    }

    /// Running ones, then those that are over; each with the newest first.
    pub fn list(&self) -> Vec<Fault> {
        let book = self.book();
        book.running.iter().rev().chain(&book.over).cloned().collect()
    }

    /// A running one.
    pub fn find(&self, id: &str) -> Option<Fault> {
        self.book().running.iter().find(|fault| &*fault.id == id).cloned()
    }

    /// Whether there is room for one more, and the share it would make at its place is allowed.
    pub fn check(&self, plan: &FaultPlan) -> Result<(), Refused> {
        let (book, now) = (self.book(), Instant::now());
        // One that is at its end strikes nothing, though it may still be listed.
        let running = || book.running.iter().filter(|fault| fault.ends > now);
        if running().count() >= RUNNING_MAX {
            return Err(Refused::TooMany { max: RUNNING_MAX });
        }
        let there = running().filter(|fault| fault.plan.at == plan.at).map(|fault| fault.plan.share());
        plan::check_share(plan.share() + there.sum::<f64>(), &self.0.limits)
    }

    /// Puts it in, and tells everybody. Recorded before.
    pub async fn start(&self, plan: FaultPlan, by: &str, reason: String) -> Fault {
        let (now, started) = (Instant::now(), SystemTime::now());
        let fault = Fault {
            id: format!("f-{:08x}", rand::random::<u32>()).into(),
            ends: now + plan.lasts,
            ends_at: started + plan.lasts,
            plan,
            by: by.to_owned(),
            reason,
            started,
            over: None,
            hits: HashMap::new(),
            told: 0,
            not_told: 0,
        };
        let id = Arc::clone(&fault.id);
        self.book().running.push(fault.clone());
        self.tell().await;
        self.0.changed.notify_one();
        self.find(&id).unwrap_or(fault)
    }

    /// Ends this one, or all, and tells everybody. Recorded before.
    pub async fn stop(&self, id: Option<&str>) {
        self.book().end(|fault| id.is_none_or(|id| &*fault.id == id), true);
        self.tell().await;
    }

    /// Tells everybody again and again while there is something, and records what has ended by itself.
    pub async fn keep_in_force(self, audit: Audit, stop: CancellationToken) {
        loop {
            let now = Instant::now();
            let ended = self.book().end(|fault| fault.ends <= now, false);
            if !ended.is_empty() || !self.book().running.is_empty() {
                self.tell().await;
            }
            for place in ended {
                let change = Change { action: "fault.end", target: place, ..Change::default() };
                // What ended has ended, recorded or not.
                if let Err(error) = audit.record(&Actor::named("system:faults"), change).await {
                    tracing::warn!(code = %error.problem().code, "the end of a fault could not be recorded");
                }
            }
            let is_idle = self.book().running.is_empty();
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.0.changed.notified() => {}
                () = tokio::time::sleep(TELL_EVERY), if !is_idle => {}
            }
        }
    }

    async fn tell(&self) {
        let _one = self.0.telling.lock().await;
        let now = Instant::now();
        let faults = self.book().running.iter().map(|fault| fault.order(now)).collect();
        let sheet = FaultSheet { injector: self.0.instance_id.to_string(), ttl_ms: TTL_MS, faults };
        let snapshot = self.0.discovery.snapshot();
        let endpoints: Vec<Arc<Endpoint>> =
            ROLES.iter().flat_map(|role| snapshot.all(&role.to_ascii_uppercase()).iter().map(Arc::clone)).collect();
        let told = endpoints.iter().map(async |endpoint| {
            let answer = Instance::of(&self.0.client, endpoint).put_faults(&sheet).await;
            (endpoint.instance_id.clone(), answer)
        });
        // Every second and nobody's request: kept out of telemetry.
        let answers = bijou_telemetry::suppressed(join_all(told)).await;
        let mut book = self.book();
        let told = answers.iter().filter(|(_, answer)| answer.is_ok()).count();
        for fault in &mut book.running {
            (fault.told, fault.not_told) = (told, answers.len() - told);
        }
        for (instance, answer) in answers {
            match answer {
                Ok(hits) => book.count(&instance, hits),
                Err(error) => tracing::debug!(error = &error as &dyn std::error::Error, "{instance} was not told"),
            }
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    /// Moves running ones to those that are over; where they were.
    fn end(&mut self, is_meant: impl Fn(&Fault) -> bool, stopped: bool) -> Vec<String> {
        let (ended, running): (Vec<_>, Vec<_>) = self.running.drain(..).partition(is_meant);
        self.running = running;
        let places = ended.iter().map(|fault| fault.plan.place()).collect();
        for fault in ended {
            self.over.push_front(Fault { over: Some((SystemTime::now(), stopped)), ..fault });
        }
        self.over.truncate(OVER_MAX);
        places
    }

    fn count(&mut self, instance: &str, all: Vec<FaultHits>) {
        for told in all {
            let mut faults = self.running.iter_mut().chain(&mut self.over);
            let Some(fault) = faults.find(|fault| *fault.id == *told.id) else { continue };
            let hits = fault.hits.entry(instance.to_owned()).or_default();
            if told.hits < hits.last {
                hits.before += hits.last;
            }
            hits.last = told.hits;
        }
    }
}

/// A fault as the audit has it.
pub fn told(plan: &FaultPlan) -> serde_json::Value {
    json!({
        "does": plan.does, "at": plan.at, "percent": plan.percent, "accounts_percent": plan.accounts_percent,
        "duration_s": plan.lasts.as_secs(),
    })
}
