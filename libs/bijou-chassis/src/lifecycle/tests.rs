//! Whole lives on paused time: what happens in which order, and when.

use std::cell::RefCell;
use std::time::Duration;

use tokio::time::Instant;

use super::*;

const FOR_EVER: Duration = Duration::from_hours(1);

/// A role whose steps only take time and are written down as they begin, in milliseconds since the start.
struct Script {
    started: Instant,
    log: RefCell<Vec<(u64, &'static str)>>,
    phase: PhaseCell,
    build: Duration,
    ready: Duration,
    fails: Duration,
    requests: Duration,
    tasks: Duration,
}

impl Script {
    fn new() -> Self {
        Self {
            started: Instant::now(),
            log: RefCell::default(),
            phase: PhaseCell::default(),
            build: Duration::from_millis(10),
            ready: Duration::from_millis(100),
            fails: FOR_EVER,
            requests: Duration::from_millis(300),
            tasks: Duration::from_millis(40),
        }
    }

    async fn step(&self, name: &'static str, takes: Duration) {
        self.log.borrow_mut().push((self.started.elapsed().as_millis() as u64, name));
        sleep(takes).await;
    }

    async fn live_for(&mut self, life: Duration) -> Result<(), ChassisError> {
        let shutdown = CancellationToken::new();
        tokio::spawn({
            let shutdown = shutdown.clone();
            async move {
                sleep(life).await;
                shutdown.cancel();
            }
        });
        let phase = self.phase.clone();
        live(self, &shutdown, &StopSettings::default(), &phase).await
    }

    #[track_caller]
    fn check(&self, expected: &[(u64, &'static str)]) {
        assert_eq!(*self.log.borrow(), expected);
    }
}

impl Steps for Script {
    async fn build(&mut self) -> Result<(), ChassisError> {
        self.step("build", self.build).await;
        Ok(())
    }

    async fn serve(&mut self) {
        self.step("serve", Duration::ZERO).await;
    }

    async fn wait_ready(&self) {
        self.step("wait ready", self.ready).await;
    }

    async fn stay_registered(&self) {
        assert_eq!(self.phase.get(), Phase::Serving);
        self.step("register", FOR_EVER).await;
    }

    async fn failed(&self) -> ChassisError {
        sleep(self.fails).await;
        ChassisError::Task { role: "catalog", task: "import", source: "disk is gone".into() }
    }

    async fn deregister(&self) {
        assert_eq!(self.phase.get(), Phase::Draining);
        self.step("deregister", Duration::from_millis(5)).await;
    }

    async fn finish_requests(&self) {
        assert_eq!(self.phase.get(), Phase::Finishing);
        self.step("finish requests", self.requests).await;
    }

    async fn end_tasks(&self) {
        assert_eq!(self.phase.get(), Phase::Closing);
        self.step("end tasks", self.tasks).await;
    }

    async fn close(&mut self) {
        self.step("close", Duration::ZERO).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_role_registers_when_it_is_ready_and_is_gone_for_others_before_it_stops_serving() {
    let mut role = Script::new();
    role.live_for(Duration::from_secs(1)).await.expect("a graceful stop");
    role.check(&[
        (0, "build"),
        (10, "serve"),
        (10, "wait ready"),
        (110, "register"),
        (1000, "deregister"),
        (1255, "finish requests"),
        (1555, "end tasks"),
        (1595, "close"),
    ]);
}

#[tokio::test(start_paused = true)]
async fn a_role_that_never_got_ready_is_never_registered() {
    let mut role = Script { ready: FOR_EVER, ..Script::new() };
    role.live_for(Duration::from_secs(1)).await.expect("a graceful stop");
    let log = role.log.borrow();
    assert!(!log.iter().any(|(_, step)| *step == "register"), "{log:?}");
    assert_eq!(log.last().map(|(_, step)| *step), Some("close"));
}

#[tokio::test(start_paused = true)]
async fn a_stop_during_the_start_leaves_at_once() {
    let mut role = Script { build: FOR_EVER, ..Script::new() };
    role.live_for(Duration::from_millis(50)).await.expect("a graceful stop");
    role.check(&[(0, "build")]);
}

#[tokio::test(start_paused = true)]
async fn a_failed_task_takes_the_role_down_in_the_same_order() {
    let mut role = Script { fails: Duration::from_millis(500), ..Script::new() };
    let error = role.live_for(FOR_EVER).await.expect_err("the failure");
    assert!(matches!(error, ChassisError::Task { task: "import", .. }), "{error}");
    let steps: Vec<_> = role.log.borrow().iter().map(|(_, step)| *step).skip(4).collect();
    assert_eq!(steps, ["deregister", "finish requests", "end tasks", "close"]);
}

#[tokio::test(start_paused = true)]
async fn requests_and_tasks_that_never_end_are_given_up_in_time() {
    let mut role = Script { requests: FOR_EVER, tasks: FOR_EVER, ..Script::new() };
    role.live_for(Duration::from_secs(1)).await.expect("a graceful stop");
    let tail: Vec<_> = role.log.borrow().iter().copied().skip(5).collect();
    assert_eq!(tail, [(1255, "finish requests"), (11_255, "end tasks"), (16_255, "close")]);
}
