//! One worker: a thread with a runtime, a listening socket, connections, and nothing it shares while carrying requests.

mod connection;
mod finish;
mod serve;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bijou_resilience::{RetryBudget, RetryPolicy};
use rand::SeedableRng;
use rand::rngs::SmallRng;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::authenticate::TokenCache;
use crate::chain::TIMED_EVERY;
use crate::clock::{Coarse, Moment, TICK};
use crate::config::{Config, ms};
use crate::link::{Link, Verdict};
use crate::passport::PassportDesk;
use crate::routes::RouteTable;
use crate::shared::{Settings, Shared};
use crate::stats::WorkerStats;
use crate::upstream::{Directory, Hyper};

pub use finish::SentBody;

/// How often operators' view of the instances is renewed.
const PUBLISH_EVERY_TICKS: u64 = 5;
/// Refused requests whose story is kept per tick; failures are kept always.
const REFUSALS_KEPT_PER_TICK: u32 = 20;

/// The settings a request runs by from beginning to end, as this worker holds them.
#[derive(Debug)]
pub(crate) struct Active(Arc<Settings>);

impl Active {
    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn table(&self) -> &RouteTable {
        &self.0.table
    }
}

/// One worker's own things.
pub(crate) struct Worker {
    pub(crate) index: usize,
    pub(crate) shared: Arc<Shared>,
    pub(crate) clock: Rc<Coarse>,
    pub(crate) rng: RefCell<SmallRng>,
    pub(crate) exchange: Rc<Hyper>,
    pub(crate) directory: Directory,
    pub(crate) tokens: TokenCache,
    pub(crate) passports: PassportDesk,
    pub(crate) origin_in_flight: RefCell<HashMap<Arc<str>, u32>>,
    started: Instant,
    unix_ms: Cell<u64>,
    active: RefCell<Rc<Active>>,
    retry_budgets: RefCell<HashMap<Arc<str>, RetryBudget>>,
    links: RefCell<HashMap<u64, Rc<Link>>>,
    next_link: Cell<u64>,
    counter: Cell<u64>,
    unsampled_at: Cell<Option<Moment>>,
    is_draining: Cell<bool>,
    ticks: Cell<u64>,
    refusals_kept: Cell<u32>,
}

impl Worker {
    fn new(index: usize, shared: Arc<Shared>) -> Rc<Self> {
        let settings = shared.settings.load_full();
        let clock = Rc::new(Coarse::default());
        let exchange = Rc::new(Hyper {
            connect_timeout: ms(settings.config.timeouts.connect_ms),
            idle_max: settings.config.upstream.idle_max,
            clock: Rc::clone(&clock),
            stats: Arc::clone(shared.stats.workers()),
            worker: index,
        });
        Rc::new(Self {
            index,
            directory: Directory::new(shared.discovery.clone(), Rc::clone(&exchange), shared.zone.clone()),
            tokens: TokenCache::new(settings.config.tokens.cached_max),
            passports: PassportDesk::default(),
            origin_in_flight: RefCell::default(),
            clock,
            rng: RefCell::new(SmallRng::from_rng(&mut rand::rng())),
            exchange,
            started: Instant::now(),
            unix_ms: Cell::new(unix_ms()),
            active: RefCell::new(Rc::new(Active(settings))),
            retry_budgets: RefCell::default(),
            links: RefCell::default(),
            next_link: Cell::new(0),
            counter: Cell::new(0),
            unsampled_at: Cell::new(None),
            is_draining: Cell::new(false),
            ticks: Cell::new(0),
            refusals_kept: Cell::new(0),
            shared,
        })
    }

    /// The settings of now. A reload is seen by comparing a pointer; nothing shared is written.
    pub(crate) fn active(&self) -> Rc<Active> {
        let current = self.shared.settings.load();
        let mut active = self.active.borrow_mut();
        if !Arc::ptr_eq(&active.0, &current) {
            *active = Rc::new(Active(Arc::clone(&current)));
        }
        Rc::clone(&active)
    }

    /// Whether a new request is traced, and whether its filters are timed.
    pub(crate) fn sample(&self) -> (bool, bool) {
        let count = self.counter.get();
        self.counter.set(count + 1);
        let now = self.clock.now();
        // Once the second's share is used up there is no point in asking again before the clock moves.
        let is_sampled = self.unsampled_at.get() != Some(now)
            && self.shared.role.as_ref().is_some_and(bijou_telemetry::Role::samples);
        if !is_sampled {
            self.unsampled_at.set(Some(now));
        }
        (is_sampled, count.is_multiple_of(TIMED_EVERY))
    }

    pub(crate) fn stats(&self) -> &WorkerStats {
        &self.shared.stats.workers()[self.index]
    }

    /// Milliseconds since 1970, to the tick.
    pub(crate) fn unix_ms(&self) -> u64 {
        self.unix_ms.get()
    }

    /// The retry budget towards one application.
    pub(crate) fn with_budget<R>(
        &self,
        name: &Arc<str>,
        use_it: impl FnOnce(&mut RetryBudget, Instant) -> R,
        now: Instant,
    ) -> R {
        let mut budgets = self.retry_budgets.borrow_mut();
        if let Some(budget) = budgets.get_mut(name) {
            return use_it(budget, now);
        }
        let retries = &self.active.borrow().0.config.retries.clone();
        let policy = RetryPolicy { share: retries.budget_share, floor_per_s: retries.budget_floor_per_s };
        use_it(budgets.entry(Arc::clone(name)).or_insert_with(|| RetryBudget::new(policy, now)), now)
    }

    /// Whether the story of a refused request is worth keeping: a flood of bad requests must not cost more than good ones.
    pub(crate) fn keeps_refusal(&self) -> bool {
        let kept = self.refusals_kept.get();
        self.refusals_kept.set(kept + 1);
        kept < REFUSALS_KEPT_PER_TICK
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.is_draining.get()
    }

    fn add_link(&self, link: &Rc<Link>) -> u64 {
        let id = self.next_link.get();
        self.next_link.set(id + 1);
        self.links.borrow_mut().insert(id, Rc::clone(link));
        id
    }

    /// Moves the clock and looks after everything that would otherwise need a timer of its own.
    fn keep_house(&self) {
        self.clock.set(self.started.elapsed());
        self.unix_ms.set(unix_ms());
        let active = self.active();
        let now = self.clock.now();
        let links: Vec<Rc<Link>> = self.links.borrow().values().cloned().collect();
        for link in links {
            if link.check(now, &active.config().timeouts) == Verdict::TimedOut {
                self.stats().connections_timed_out.add(1);
            }
        }
        self.directory.sweep(active.config().upstream.idle_ms);
        let tick = self.ticks.get();
        self.ticks.set(tick + 1);
        self.refusals_kept.set(0);
        if tick.is_multiple_of(PUBLISH_EVERY_TICKS) {
            self.shared.publish_instances(self);
        }
    }

    /// Asks every connection to end when its request is done.
    fn drain(&self) {
        self.is_draining.set(true);
        let links: Vec<Rc<Link>> = self.links.borrow().values().cloned().collect();
        for link in links {
            link.close();
        }
    }
}

/// Runs a worker until it is told to stop and has drained. Called on a thread of its own.
pub(crate) fn run(
    index: usize,
    shared: Arc<Shared>,
    listener: std::net::TcpListener,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder
        .enable_all()
        .thread_name(format!("gateway-{index}"))
        .build_local(tokio::runtime::LocalOptions::default())?;
    runtime.block_on(async move {
        let listener = TcpListener::from_std(listener)?;
        let worker = Worker::new(index, shared);
        work(&worker, listener, &stop).await;
        Ok(())
    })
}

async fn work(worker: &Rc<Worker>, listener: TcpListener, stop: &CancellationToken) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut is_full = false;
    loop {
        let connections_max = (worker.active().config().limits.connections_max / worker.shared.worker_count).max(1);
        let has_room = worker.links.borrow().len() < connections_max;
        if !has_room && !is_full {
            warn!(worker = worker.index, connections_max, "all client connections are in use, new ones wait");
        }
        is_full = !has_room;
        tokio::select! {
            () = stop.cancelled() => break,
            _ = ticks.tick() => worker.keep_house(),
            accepted = listener.accept(), if has_room => match accepted {
                Ok((stream, peer)) => {
                    worker.stats().connections_opened.add(1);
                    tokio::task::spawn_local(connection::serve(Rc::clone(worker), stream, peer));
                }
                // Out of descriptors, or the client was gone already: neither is cured by trying again at once.
                Err(error) => {
                    warn!(worker = worker.index, error = %error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            },
        }
    }
    drop(listener);
    worker.drain();
    let until = Instant::now() + ms(worker.active().config().timeouts.drain_ms);
    while !worker.links.borrow().is_empty() && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(10)).await;
        worker.clock.set(worker.started.elapsed());
    }
    let left = worker.links.borrow().len();
    if left > 0 {
        info!(worker = worker.index, connections = left, "connections that did not end in time are cut");
    }
}

fn unix_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").field("index", &self.index).finish_non_exhaustive()
    }
}
