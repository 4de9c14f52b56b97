//! Waiting for something to become true.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How long a condition may take before the test fails. Generous: a busy machine is no bug.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Pause between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Looks until there is something, and returns it. Panics with `what` when there is nothing for [`PATIENCE`].
pub async fn wait_for<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(started.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain for: {what}");
        sleep(LOOK_EVERY).await;
    }
}

/// Looks until `is_met` says yes.
pub async fn wait_until(what: &str, mut is_met: impl AsyncFnMut() -> bool) {
    wait_for(what, async || is_met().await.then_some(())).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_condition_is_looked_at_until_it_holds() {
        let mut looks = 0;
        let found = wait_for("the third look", async || {
            looks += 1;
            (looks == 3).then_some("found")
        });
        assert_eq!(found.await, "found");
    }

    #[tokio::test(start_paused = true)]
    #[should_panic(expected = "in vain for: pigs that fly")]
    async fn what_never_happens_is_named() {
        wait_until("pigs that fly", async || false).await;
    }
}
