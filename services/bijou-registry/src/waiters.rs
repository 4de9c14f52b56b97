//! Waiting for the disk, one for many. Whoever is woken by another thread costs that thread a system call and their own
//! runtime a turn of its loop, each of them: sixteen connections whose changes were written together would be woken sixteen
//! times. So of all that come in one turn of a runtime one task waits for the disk, and wakes the others from within.
//!
//! Each runtime has its own [`Waiters`]. Shared by several they would be as right, and no cheaper.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use futures_util::FutureExt;
use tokio::sync::Notify;

use crate::registry::Registry;

#[derive(Debug, Default)]
pub struct Waiters {
    last: Mutex<Arc<Party>>,
}

/// Those who wait together. One by default has no leader, and takes nobody in.
#[derive(Debug, Default)]
struct Party {
    /// Its leader has not begun to wait.
    is_open: AtomicBool,
    is_written: AtomicBool,
    is_over: AtomicBool,
    over: Notify,
}

impl Waiters {
    /// Waits until all changes so far are on disk, if they are kept there. Needs a runtime.
    pub async fn written(&self, registry: &Arc<Registry>) {
        // Mostly nobody has to wait: what was said again is written later.
        if registry.written().now_or_never().is_some() {
            return;
        }
        let party = self.join(registry);
        party.end().await;
        if !party.is_written.load(Ordering::Acquire) {
            // Its leader was dropped with another runtime.
            registry.written().await;
        }
    }

    fn join(&self, registry: &Arc<Registry>) -> Arc<Party> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // Who finds it open has noted a change already, and the leader looks at the disk's notes after closing it: that
        // change is among them.
        if last.is_open.load(Ordering::Acquire) {
            return Arc::clone(&last);
        }
        let party = Arc::new(Party { is_open: AtomicBool::new(true), ..Party::default() });
        *last = Arc::clone(&party);
        drop(last);
        // It comes after everybody who is ready to run.
        tokio::spawn(lead(Leader(Arc::clone(&party)), Arc::clone(registry)));
        party
    }
}

impl Party {
    async fn end(&self) {
        let over = self.over.notified();
        tokio::pin!(over);
        // Before looking, or it could be told in between.
        over.as_mut().enable();
        if !self.is_over.load(Ordering::Acquire) {
            over.await;
        }
    }
}

/// Ends a party, also when its runtime is torn down.
struct Leader(Arc<Party>);

async fn lead(leader: Leader, registry: Arc<Registry>) {
    leader.0.is_open.store(false, Ordering::Release);
    registry.written().await;
    leader.0.is_written.store(true, Ordering::Release);
}

impl Drop for Leader {
    fn drop(&mut self) {
        self.0.is_open.store(false, Ordering::Release);
        self.0.is_over.store(true, Ordering::Release);
        self.0.over.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use bijou_eureka::Tcp;
    use bijou_telemetry::Metrics;

    use super::*;
    use crate::{clock::Clock, peers::Peers, regions::Regions, settings::Settings, telemetry::Telemetry};

    fn registry() -> Arc<Registry> {
        let Settings { peers, self_preservation, .. } = Settings::default();
        let peers = Peers::new(peers, Arc::new(Tcp));
        let regions = Arc::new(Regions::new(&[], true).expect("none"));
        let (clock, telemetry) = (Clock::start(), Telemetry::new(Metrics::new()));
        Arc::new(Registry::new(&self_preservation, clock, telemetry, "life".to_owned(), peers, regions))
    }

    #[tokio::test]
    async fn who_comes_in_one_turn_waits_together_and_who_comes_later_for_more() {
        let (waiters, registry) = (Waiters::default(), registry());
        let (one, other) = (waiters.join(&registry), waiters.join(&registry));
        assert!(Arc::ptr_eq(&one, &other));
        one.end().await;
        assert!(other.is_written.load(Ordering::Acquire));
        let later = waiters.join(&registry);
        assert!(!Arc::ptr_eq(&one, &later));
        later.end().await;
    }

    #[test]
    fn a_party_whose_runtime_is_gone_keeps_nobody() {
        let runtime = || tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let (waiters, registry) = (Waiters::default(), registry());
        let gone = runtime();
        let party = gone.block_on(async { waiters.join(&registry) });
        drop(gone);
        assert!(!party.is_written.load(Ordering::Acquire));
        runtime().block_on(async {
            party.end().await;
            assert!(!Arc::ptr_eq(&party, &waiters.join(&registry)));
        });
    }
}
