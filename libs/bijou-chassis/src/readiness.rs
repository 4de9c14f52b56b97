//! Readiness: what a role still waits for, by name and with the reason.
//!
//! A service adds one [`Condition`] for each thing it cannot work without and keeps it up to date. What it can do
//! without (another service, whose absence only makes an answer poorer) is added as *informational*: shown, not
//! waited for. That is how a service starts with nothing else running.

use std::sync::Arc;

use serde::Serialize;
use tokio::sync::watch;

/// All conditions of a role. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Readiness(Arc<watch::Sender<Report>>);

/// The state of a role's conditions: the body of `/readyz`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether every condition that is waited for is met.
    pub ready: bool,
    /// In the order in which they were added.
    pub checks: Vec<Check>,
}

/// One condition as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What is waited for: `store`, `registration`.
    pub name: &'static str,
    /// Whether it is met.
    pub ready: bool,
    /// Shown but not waited for.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub informational: bool,
    /// What is missing, in words an operator can act on; absent when met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The owner's handle to one condition.
#[derive(Debug, Clone)]
pub struct Condition {
    index: usize,
    report: Arc<watch::Sender<Report>>,
}

impl Default for Readiness {
    fn default() -> Self {
        Self::new()
    }
}

impl Readiness {
    /// Ready as long as no condition is added.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Report { ready: true, checks: Vec::new() })))
    }

    /// Adds a condition that readiness waits for; not met until its owner says so.
    pub fn condition(&self, name: &'static str, reason: impl Into<String>) -> Condition {
        self.add(Check { name, ready: false, informational: false, reason: Some(reason.into()) })
    }

    /// Adds a condition that is only shown.
    pub fn informational(&self, name: &'static str, reason: impl Into<String>) -> Condition {
        self.add(Check { name, ready: false, informational: true, reason: Some(reason.into()) })
    }

    /// How things stand now.
    pub fn report(&self) -> Report {
        self.0.borrow().clone()
    }

    /// Follows the report.
    pub fn subscribe(&self) -> watch::Receiver<Report> {
        self.0.subscribe()
    }

    /// Returns once every condition that is waited for is met.
    pub async fn wait_ready(&self) {
        // The sender lives as long as `self`, so the wait cannot fail.
        let _ = self.subscribe().wait_for(|report| report.ready).await;
    }

    fn add(&self, check: Check) -> Condition {
        let mut index = 0;
        self.0.send_modify(|report| {
            index = report.checks.len();
            report.checks.push(check);
            report.settle();
        });
        Condition { index, report: Arc::clone(&self.0) }
    }
}

impl Condition {
    /// The condition is met.
    pub fn ready(&self) {
        self.set(true, None);
    }

    /// The condition is not met (any more).
    pub fn not_ready(&self, reason: impl Into<String>) {
        self.set(false, Some(reason.into()));
    }

    fn set(&self, ready: bool, reason: Option<String>) {
        self.report.send_if_modified(|report| {
            let Some(check) = report.checks.get_mut(self.index) else {
                return false;
            };
            let changes = check.ready != ready || check.reason != reason;
            check.ready = ready;
            check.reason = reason;
            report.settle();
            changes
        });
    }
}

impl Report {
    fn settle(&mut self) {
        self.ready = self.checks.iter().all(|check| check.ready || check.informational);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ready_means_that_every_required_condition_is_met() {
        let readiness = Readiness::new();
        assert!(readiness.report().ready);
        let store = readiness.condition("store", "opening");
        let catalog = readiness.informational("catalog", "no instance yet");
        assert!(!readiness.report().ready);
        store.ready();
        assert!(readiness.report().ready);
        catalog.ready();
        store.not_ready("the disk is full");
        let report = readiness.report();
        assert!(!report.ready);
        assert_eq!(report.checks[0].reason.as_deref(), Some("the disk is full"));
    }

    #[tokio::test]
    async fn a_waiter_wakes_when_the_last_condition_is_met() {
        let readiness = Readiness::new();
        let (store, keys) = (readiness.condition("store", "opening"), readiness.condition("keys", "none"));
        let waiter = tokio::spawn({
            let readiness = readiness.clone();
            async move { readiness.wait_ready().await }
        });
        store.ready();
        keys.ready();
        waiter.await.expect("no panic");
    }
}
