//! The life of a role: in which order it comes up and goes down, and what may cut it short.
//!
//! Up: bind -> build -> serve -> wait until ready -> register. A role answers its probes before it is ready and is
//! found by others only after. Down: deregister -> drain -> finish requests -> end tasks -> close. Callers are told
//! first and the listener stays open for a moment, because they need that moment to hear it.
//!
//! Order only: what each step does is [`Steps`]' business, so that whole lives run in a test without a socket.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::ChassisError;
use crate::settings::StopSettings;

/// Where in its life a role is, by the name `/readyz` shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Phase {
    /// Opening its store and whatever else it needs.
    Starting,
    /// Serving, found by others as soon as it is ready.
    Serving,
    /// Taken out of the registry; still serving those who have not heard.
    Draining,
    /// The listener is closed; requests in flight finish.
    Finishing,
    /// Background tasks end, resources close.
    Closing,
}

impl Phase {
    const ALL: [Self; 5] = [Self::Starting, Self::Serving, Self::Draining, Self::Finishing, Self::Closing];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Serving => "serving",
            Self::Draining => "draining",
            Self::Finishing => "finishing",
            Self::Closing => "closing",
        }
    }
}

/// The phase, shared with the probes.
#[derive(Debug, Clone, Default)]
pub(crate) struct PhaseCell(Arc<AtomicU8>);

impl PhaseCell {
    /// Of a role whose life is not the chassis' to lead.
    pub(crate) fn serving() -> Self {
        let phase = Self::default();
        phase.set(Phase::Serving);
        phase
    }

    pub(crate) fn get(&self) -> Phase {
        Phase::ALL[usize::from(self.0.load(Ordering::Relaxed))]
    }

    fn set(&self, phase: Phase) {
        self.0.store(phase as u8, Ordering::Relaxed);
    }
}

/// The steps of a life.
pub(crate) trait Steps {
    /// Opens what the role needs.
    fn build(&mut self) -> impl Future<Output = Result<(), ChassisError>>;
    /// Begins to answer requests and to do background work.
    fn serve(&mut self) -> impl Future<Output = ()>;
    /// Returns once the role can do its work.
    fn wait_ready(&self) -> impl Future<Output = ()>;
    /// Lets others find the role, and keeps it found. Returns only when cancelled.
    fn stay_registered(&self) -> impl Future<Output = ()>;
    /// Returns when the role cannot go on.
    fn failed(&self) -> impl Future<Output = ChassisError>;
    /// Tells the others that it is going.
    fn deregister(&self) -> impl Future<Output = ()>;
    /// Closes the listener and waits for requests in flight.
    fn finish_requests(&self) -> impl Future<Output = ()>;
    /// Tells background tasks to end and waits for them.
    fn end_tasks(&self) -> impl Future<Output = ()>;
    /// Closes what [`Steps::build`] opened.
    fn close(&mut self) -> impl Future<Output = ()>;
}

/// Lives until `shutdown` or a failure, and goes down in order either way.
pub(crate) async fn live(
    role: &mut impl Steps,
    shutdown: &CancellationToken,
    stop: &StopSettings,
    phase: &PhaseCell,
) -> Result<(), ChassisError> {
    tokio::select! {
        built = role.build() => built?,
        // Nothing was opened that closing would have to wait for.
        () = shutdown.cancelled() => return Ok(()),
    }
    role.serve().await;
    phase.set(Phase::Serving);

    let outcome = tokio::select! {
        biased;
        error = role.failed() => Err(error),
        () = shutdown.cancelled() => Ok(()),
        () = async { role.wait_ready().await; role.stay_registered().await } => Ok(()),
    };
    match &outcome {
        Ok(()) => info!("stopping"),
        Err(error) => warn!(error = error as &dyn std::error::Error, "stopping after a failure"),
    }
    go_down(role, stop, phase).await;
    outcome
}

async fn go_down(role: &mut impl Steps, stop: &StopSettings, phase: &PhaseCell) {
    phase.set(Phase::Draining);
    role.deregister().await;
    sleep(stop.drain()).await;

    phase.set(Phase::Finishing);
    if timeout(stop.finish(), role.finish_requests()).await.is_err() {
        warn!(waited_ms = stop.finish_ms, "requests in flight did not finish in time and are cut off");
    }

    phase.set(Phase::Closing);
    if timeout(stop.tasks(), role.end_tasks()).await.is_err() {
        warn!(waited_ms = stop.tasks_ms, "background tasks did not end in time and are dropped");
    }
    role.close().await;
}

#[cfg(test)]
mod tests;
