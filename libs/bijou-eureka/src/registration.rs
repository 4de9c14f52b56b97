//! One instance in the registry: registered, renewed, registered again when forgotten, taken out at the end.
//!
//! A task of its own, told what to do through a [`RegistrationHandle`]. It never gives up: a registry that is down is
//! tried again until it is back. A change of the registry's epoch (it restarted, and knows nobody) is answered with a
//! renewal at once, whose 404 leads to a new registration, so that nobody waits for the next regular renewal.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::{
    sync::watch,
    time::{Instant, sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::{
    Dial, Discovery, Instance, RegistryClient, RegistryError, ServiceUrl, ServiceUrlError, Status, Tcp,
    connection::pause_before, registry_client::Renewal,
};

/// How long a goodbye may take: the lease ends by itself a few seconds later anyway.
const GOODBYE_TIMEOUT: Duration = Duration::from_secs(2);

/// Metadata that stays the same for as long as one process registers, whatever else it tells anew: followers know by it
/// that an entry which changed is still the same process.
pub(crate) const PROCESS_KEY: &str = "bijou.process";

/// Where a registration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationState {
    /// Not in the registry yet, or forgotten by it, or the registry cannot be reached.
    Pending,
    Registered,
    /// Taken out; nothing follows.
    Ended,
}

#[derive(Debug)]
pub struct Registration;

/// What the owner wants the entry to say. Kept as one value, so that changes made in a burst are told once.
#[derive(Debug)]
struct Wanted {
    status: Status,
    metadata: BTreeMap<String, String>,
}

/// Steers a running registration. Cheap to clone.
#[derive(Clone, Debug)]
pub struct RegistrationHandle {
    wanted: Arc<watch::Sender<Wanted>>,
    goodbye: CancellationToken,
    state: watch::Receiver<RegistrationState>,
}

impl Registration {
    /// Registers `instance` over TCP and keeps it registered on the current tokio runtime, renewing by `instance.lease`
    /// (see [`Instance::with_lease`]; Bijou's roles use 3 s and 10 s). `discovery`, when given, tells of registry
    /// restarts. Of several addresses with commas between them (nodes of one registry) one is told, and the next where that
    /// one fails. On `shutdown` the instance is taken out, unless [`RegistrationHandle::deregister`] did so before.
    pub fn start(
        registry_url: &str,
        instance: Instance,
        discovery: Option<&Discovery>,
        shutdown: CancellationToken,
    ) -> Result<RegistrationHandle, ServiceUrlError> {
        Self::start_over(registry_url, &(Arc::new(Tcp) as Arc<dyn Dial>), instance, discovery, shutdown)
    }

    /// [`Registration::start`] with connections made by `dial`.
    pub fn start_over(
        registry_url: &str,
        dial: &Arc<dyn Dial>,
        instance: Instance,
        discovery: Option<&Discovery>,
        shutdown: CancellationToken,
    ) -> Result<RegistrationHandle, ServiceUrlError> {
        let nodes = ServiceUrl::list(registry_url)?.into_iter();
        let clients = nodes.map(|url| RegistryClient::over(url, Arc::clone(dial))).collect();
        let first_ms = now_ms();
        let instance = instance.with_metadata(PROCESS_KEY, first_ms.to_string());
        let wanted =
            Arc::new(watch::Sender::new(Wanted { status: instance.status, metadata: instance.metadata.clone() }));
        let (state, state_seen) = watch::channel(RegistrationState::Pending);
        let goodbye = shutdown.child_token();
        let keeper = Keeper {
            renew_every: Duration::from_secs(instance.lease.renewal_interval_s.max(1).into()),
            instance: Instance { last_dirty_ms: first_ms, ..instance },
            clients,
            wanted_seen: wanted.subscribe(),
            _wanted: Arc::clone(&wanted),
            epochs: discovery.map(Discovery::epochs),
            state,
            failures: 0,
        };
        tokio::spawn(keeper.keep(goodbye.clone()));
        Ok(RegistrationHandle { wanted, goodbye, state: state_seen })
    }
}

impl RegistrationHandle {
    /// Sets one metadata entry and tells the registry.
    pub fn set_metadata(&self, key: impl Into<String>, value: impl Into<String>) {
        let (key, value) = (key.into(), value.into());
        self.wanted.send_if_modified(|wanted| wanted.metadata.insert(key, value.clone()) != Some(value));
    }

    /// Sets the instance's own status and tells the registry. An operator's override there still wins.
    pub fn set_status(&self, status: Status) {
        self.wanted.send_if_modified(|wanted| std::mem::replace(&mut wanted.status, status) != status);
    }

    /// Takes the instance out of the registry and waits until that is done, or could not be done within a few seconds.
    pub async fn deregister(&self) {
        self.goodbye.cancel();
        let mut state = self.state.clone();
        // An error means that the task is gone, which is as ended as can be.
        let _ = state.wait_for(|state| *state == RegistrationState::Ended).await;
    }

    pub fn state(&self) -> RegistrationState {
        *self.state.borrow()
    }

    /// Waits until the registry knows the instance. Returns `false` when the registration ended first.
    pub async fn registered(&self) -> bool {
        let mut state = self.state.clone();
        let reached = state.wait_for(|state| *state != RegistrationState::Pending).await;
        reached.is_ok_and(|state| *state == RegistrationState::Registered)
    }
}

struct Keeper {
    /// Of the nodes of the registry. The first is the one that is told; the others follow in turn.
    clients: VecDeque<RegistryClient>,
    instance: Instance,
    renew_every: Duration,
    wanted_seen: watch::Receiver<Wanted>,
    /// Keeps the channel open when every handle was dropped: the registration goes on until shutdown.
    _wanted: Arc<watch::Sender<Wanted>>,
    epochs: Option<watch::Receiver<Option<String>>>,
    state: watch::Sender<RegistrationState>,
    failures: u32,
}

/// What to do at the next turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Register,
    Renew,
}

impl Keeper {
    async fn keep(mut self, goodbye: CancellationToken) {
        let mut step = Step::Register;
        let mut at = Instant::now();
        loop {
            tokio::select! {
                biased;
                () = goodbye.cancelled() => break,
                Ok(()) = self.wanted_seen.changed() => {
                    self.take_wanted();
                    step = Step::Register;
                    // While the registry is away the pending retry will tell it.
                    if self.failures == 0 {
                        at = Instant::now();
                    }
                }
                () = new_epoch(&mut self.epochs) => {
                    debug!("the registry has a new epoch, the registration is checked at once");
                    at = Instant::now();
                }
                // Not cut short by a goodbye: a registration that overtakes its own cancellation leaves a ghost.
                () = sleep_until(at) => (step, at) = self.act(step).await,
            }
        }
        self.say_goodbye().await;
    }

    fn take_wanted(&mut self) {
        let wanted = self.wanted_seen.borrow_and_update();
        self.instance.status = wanted.status;
        self.instance.metadata.clone_from(&wanted.metadata);
        drop(wanted);
        self.touch();
    }

    /// Marks the entry as newer than any the registry may have, also when the clock stood still or went back.
    fn touch(&mut self) {
        self.instance.last_dirty_ms = now_ms().max(self.instance.last_dirty_ms + 1);
    }

    async fn act(&mut self, step: Step) -> (Step, Instant) {
        let client = &self.clients[0];
        let outcome = match step {
            Step::Register => client.register(&self.instance).await.map(|()| Renewal::Renewed),
            Step::Renew => {
                let Instance { app, status, last_dirty_ms, .. } = &self.instance;
                client.renew(app, self.instance.id(), *status, *last_dirty_ms).await
            }
        };
        match outcome {
            Ok(Renewal::Renewed) => {
                self.failures = 0;
                if self.state.send_replace(RegistrationState::Registered) != RegistrationState::Registered {
                    info!(instance.id = self.instance.id(), "registered as `{}`", self.instance.app);
                }
                (Step::Renew, Instant::now() + self.renew_every)
            }
            Ok(Renewal::Forgotten) => {
                info!(instance.id = self.instance.id(), "the registry does not know this instance, it registers again");
                self.state.send_replace(RegistrationState::Pending);
                self.touch();
                (Step::Register, Instant::now())
            }
            Err(error) => {
                self.note_failure(step, &error);
                self.clients.rotate_left(1);
                self.failures = self.failures.saturating_add(1);
                // Each node is asked once before the first pause.
                let rounds = self.failures as usize / self.clients.len();
                let pause = match u32::try_from(rounds).unwrap_or(u32::MAX).checked_sub(1) {
                    Some(attempt) => pause_before(attempt, rand::random()),
                    None => Duration::ZERO,
                };
                (step, Instant::now() + pause)
            }
        }
    }

    fn note_failure(&mut self, step: Step, error: &RegistryError) {
        self.state.send_replace(RegistrationState::Pending);
        // Once per outage: the retries that follow would only repeat it.
        if self.failures == 0 {
            warn!(
                error = error as &dyn std::error::Error,
                instance.id = self.instance.id(),
                "could not {} at the registry, it is tried again",
                if step == Step::Register { "register" } else { "renew" }
            );
        }
    }

    async fn say_goodbye(&mut self) {
        let goodbye = async {
            let mut said = Ok(());
            for client in &self.clients {
                said = client.cancel(&self.instance.app, self.instance.id()).await;
                if said.is_ok() {
                    break;
                }
            }
            said
        };
        match timeout(GOODBYE_TIMEOUT, goodbye).await {
            Ok(Ok(())) => info!(instance.id = self.instance.id(), "deregistered"),
            Ok(Err(error)) => {
                warn!(error = &error as &dyn std::error::Error, "could not deregister, the lease will end");
            }
            Err(_) => warn!("could not deregister in time, the lease will end"),
        }
        self.state.send_replace(RegistrationState::Ended);
    }
}

/// Waits for an epoch other than the one seen last; for ever when nobody watches.
async fn new_epoch(epochs: &mut Option<watch::Receiver<Option<String>>>) {
    if let Some(receiver) = epochs {
        if receiver.changed().await.is_ok() {
            return;
        }
        // The discovery is gone: from now on regular renewals alone find out.
        *epochs = None;
    }
    std::future::pending::<()>().await;
}

fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64
}
