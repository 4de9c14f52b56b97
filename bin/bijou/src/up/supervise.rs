//! Keeps every member running: starts it again when it ends, with growing pauses while it keeps ending.
//!
//! Stopping has an order, because a request in flight needs everybody behind the gateway: gateways first, then the
//! services, the registry last. Once a stop has begun nothing is started again, whoever ended it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use bijou_resilience::Backoff;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::child::Child;
use super::plan::{Member, Plan};
use super::state::StateFile;
use super::thread::run_on_thread;
use crate::cli::SettingsArgs;
use crate::terminal::Screen;

/// A first restart is at once as far as a person can tell.
const PAUSE_MIN: Duration = Duration::from_millis(50);
const PAUSE_MAX: Duration = Duration::from_secs(5);
/// A member that ran for so long is healthy: the next end is a first one again.
const HEALTHY_AFTER: Duration = Duration::from_secs(10);
/// Above the sum of the steps in section `[stop]`.
const STOP_GRACE: Duration = Duration::from_secs(20);

/// Everybody at work.
#[derive(Debug)]
pub struct Crew {
    /// In the order of stopping.
    stages: [Stage; 3],
    stopping: CancellationToken,
    killing: CancellationToken,
}

#[derive(Debug, Default)]
struct Stage {
    stop: CancellationToken,
    tasks: std::sync::Mutex<Vec<JoinHandle<()>>>,
}

fn stage_of(member: &Member) -> usize {
    match member.entry.name {
        "gateway" => 0,
        "registry" => 2,
        _ => 1,
    }
}

/// What one member's task works with.
struct Keeper {
    member: Member,
    args: Arc<SettingsArgs>,
    screen: Screen,
    state: StateFile,
    stop: CancellationToken,
    stopping: CancellationToken,
    killing: CancellationToken,
}

impl Crew {
    /// A process for each member. The first start of each happens here, so that an executable that cannot be started
    /// is an error and not a loop.
    pub fn of_processes(plan: &Plan, args: &SettingsArgs, screen: &Screen, state: &StateFile) -> Result<Self> {
        let crew = Self::empty();
        for member in &plan.members {
            let keeper = crew.keeper(member, args, screen, state);
            let child = Child::spawn(member, args, screen)?;
            crew.add(member, tokio::spawn(keeper.keep_process(child)));
        }
        Ok(crew)
    }

    /// A group of threads for each member.
    pub fn of_threads(plan: &Plan, args: &SettingsArgs, screen: &Screen, state: &StateFile) -> Self {
        let crew = Self::empty();
        for member in &plan.members {
            let keeper = crew.keeper(member, args, screen, state);
            crew.add(member, tokio::spawn(keeper.keep_threads()));
        }
        crew
    }

    /// Stops everybody gracefully, in order.
    pub async fn stop(&self) {
        self.stopping.cancel();
        for stage in &self.stages {
            stage.stop.cancel();
            let tasks = std::mem::take(&mut *stage.tasks.lock().expect("no code panics while it holds this lock"));
            for task in tasks {
                let _ = task.await;
            }
        }
    }

    /// Ends everybody at once.
    pub async fn kill(&self) {
        self.killing.cancel();
        self.stop().await;
    }

    fn empty() -> Self {
        Self { stages: Default::default(), stopping: CancellationToken::new(), killing: CancellationToken::new() }
    }

    fn keeper(&self, member: &Member, args: &SettingsArgs, screen: &Screen, state: &StateFile) -> Keeper {
        Keeper {
            member: member.clone(),
            args: Arc::new(args.clone()),
            screen: screen.clone(),
            state: state.clone(),
            stop: self.stages[stage_of(member)].stop.clone(),
            stopping: self.stopping.clone(),
            killing: self.killing.clone(),
        }
    }

    fn add(&self, member: &Member, task: JoinHandle<()>) {
        let stage = &self.stages[stage_of(member)];
        stage.tasks.lock().expect("no code panics while it holds this lock").push(task);
    }
}

impl Keeper {
    async fn keep_process(self, first: Child) {
        let mut pauses = Pauses::new();
        let mut next = Some(first);
        loop {
            let started = Instant::now();
            let spawned = match next.take() {
                Some(child) => Ok(child),
                None => Child::spawn(&self.member, &self.args, &self.screen),
            };
            let ended = match spawned {
                Ok(mut child) => {
                    self.state.started(&self.member.label, child.id());
                    let ended = self.watch(&mut child).await;
                    self.state.ended(&self.member.label);
                    match ended {
                        Some(how) => how,
                        None => return,
                    }
                }
                Err(error) => format!("cannot be started: {error}"),
            };
            if !self.pause(&mut pauses, started, &ended).await {
                return;
            }
        }
    }

    /// How it ended, `None` when that was asked for.
    async fn watch(&self, child: &mut Child) -> Option<String> {
        tokio::select! {
            ended = child.wait() => {
                if self.stopping.is_cancelled() {
                    return None;
                }
                Some(ended.map_or_else(|error| error.to_string(), |status| status.to_string()))
            }
            () = self.stop.cancelled() => {
                tokio::select! {
                    stopped = child.stop(STOP_GRACE) => if !stopped {
                        self.screen.note(&self.member.label, "did not stop in time and was ended");
                    },
                    () = self.killing.cancelled() => {}
                }
                child.kill().await;
                None
            }
            () = self.killing.cancelled() => {
                child.kill().await;
                None
            }
        }
    }

    async fn keep_threads(self) {
        let mut pauses = Pauses::new();
        loop {
            let started = Instant::now();
            self.state.started(&self.member.label, std::process::id());
            let running = run_on_thread(&self.member, &self.args, self.stop.clone());
            let ended = tokio::select! {
                ended = running => ended,
                () = self.killing.cancelled() => return,
            };
            self.state.ended(&self.member.label);
            if self.stopping.is_cancelled() {
                return;
            }
            let ended = ended.map_or_else(|error| format!("{error:#}"), |()| "ended".to_owned());
            if !self.pause(&mut pauses, started, &ended).await {
                return;
            }
        }
    }

    /// Waits before the next start; false when there is to be none.
    async fn pause(&self, pauses: &mut Pauses, started: Instant, ended: &str) -> bool {
        let pause = pauses.next(started.elapsed());
        self.screen.note(&self.member.label, &format!("ended ({ended}); started again in {} ms", pause.as_millis()));
        tokio::select! {
            () = sleep(pause) => true,
            () = self.stopping.cancelled() => false,
        }
    }
}

/// How long to wait before the next start.
struct Pauses {
    backoff: Backoff,
    failures: u32,
}

impl Pauses {
    fn new() -> Self {
        let backoff = Backoff::new(PAUSE_MIN, PAUSE_MAX, 0.2).expect("the bounds are constants in the right order");
        Self { backoff, failures: 0 }
    }

    fn next(&mut self, ran_for: Duration) -> Duration {
        self.failures = if ran_for >= HEALTHY_AFTER { 0 } else { self.failures };
        let pause = self.backoff.delay(self.failures, &mut rand::rng());
        self.failures = self.failures.saturating_add(1);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_keeps_ending_waits_longer_and_who_ran_well_does_not() {
        let mut pauses = Pauses::new();
        let first = pauses.next(Duration::ZERO);
        for _ in 0..10 {
            pauses.next(Duration::ZERO);
        }
        assert!(first < Duration::from_millis(100), "{first:?}");
        assert!(pauses.next(Duration::ZERO) >= PAUSE_MAX);
        assert!(pauses.next(HEALTHY_AFTER) < Duration::from_millis(100));
    }
}
