//! Running a service: the chassis' own steps of a life.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use axum::{Router, middleware};
use bijou_client::{Client, ClientConfig, RegistryKeys};
use bijou_eureka::{Dial, Discovery, DiscoverySettings, Registration, RegistrationHandle, Status};
use bijou_passport::{Signer, Verifier};
use bijou_telemetry::{LogSettings, Metrics};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::admit::Gate;
use crate::answer::{self, Answering};
use crate::control::{self, Control, Room};
use crate::keys::PatientKeys;
use crate::lifecycle::{self, PhaseCell, Steps};
use crate::metrics::HttpMetrics;
use crate::probes::{self, Probes};
use crate::readiness::{Condition, Report};
use crate::service::{Closer, Service};
use crate::settings::{RoleSettings, StopSettings};
use crate::{
    Announcement, Bootstrap, BoxError, ChassisError, Context, Readiness, bind, data_folder, edges, events, export,
    faults, instance, serve,
};

/// The condition that the registration itself meets, so it cannot wait for it.
const REGISTRATION: &str = "registration";

/// How long telemetry waits for the registration before it is sent all the same: a role that never gets ready has
/// something to say, too.
const EXPORT_UNFOUND_AFTER: Duration = Duration::from_secs(3);

/// Runs a service until it is told to stop.
///
/// Start: settings -> logging -> data folder -> bind -> `build` -> serve -> wait until ready -> register.
/// Stop: deregister -> drain -> finish requests -> end tasks -> close.
pub async fn run<F, Fut>(mut bootstrap: Bootstrap, build: F) -> Result<(), ChassisError>
where
    F: FnOnce(Context) -> Fut + Send,
    Fut: Future<Output = Result<Service, BoxError>> + Send,
{
    let settings: RoleSettings = bootstrap.settings.section(bootstrap.role)?;
    let stop: StopSettings = bootstrap.settings.section("stop")?;
    let dial = crate::settings::registry_dial(&bootstrap.settings)?;
    let logging = bijou_telemetry::install(&bootstrap.settings.section::<LogSettings>("log")?)?;
    data_folder::prepare(&bootstrap.data_dir)?;
    let listener = bind::bind(settings.listen, &format!("{}.listen", bootstrap.role))?;
    let addr = listener.local_addr().map_err(|source| ChassisError::Listen { addr: settings.listen, source })?;
    if let Some(callback) = bootstrap.on_listening.take() {
        callback(addr);
    }

    let ends = Ends::default();
    let context = platform(&bootstrap, &dial, &ends)?;
    let phase = PhaseCell::default();
    let (failures, failed) = mpsc::channel(1);
    let registration = bootstrap
        .registry_url()?
        .map(|url| (url, context.readiness.condition(REGISTRATION, "not in the registry yet")));
    // Its own, so that a restart of one role leaves those it shares a process with alone.
    let shutdown = bootstrap.shutdown.child_token();
    let places = Arc::new(Semaphore::new(settings.limits.in_flight_max));
    let room = Room { limits: settings.limits, places };
    let readiness = context.readiness.clone();
    let control = Control::new(&bootstrap, readiness, phase.clone(), Some(room.clone()), logging, shutdown.clone());
    let mut role = Running {
        coming: Mutex::new(Coming { build: Some(build), service: None, closers: Vec::new() }),
        listener: Some(listener),
        phase: phase.clone(),
        dial,
        registration,
        handle: OnceLock::new(),
        found: CancellationToken::new(),
        ends,
        failures,
        failed: tokio::sync::Mutex::new(failed),
        tasks: tokio::sync::Mutex::new(JoinSet::new()),
        server: Mutex::new(None),
        addr,
        control,
        room,
        context,
        bootstrap,
    };
    info!(server.address = %addr, "listening on {addr}");
    lifecycle::live(&mut role, &shutdown, &stop, &phase).await
}

/// What ends when, on the way down.
#[derive(Debug, Clone, Default)]
struct Ends {
    /// Answers that go on for ever end, and nobody new is let in.
    draining: CancellationToken,
    /// Background work ends.
    tasks: CancellationToken,
    /// What connects the role to the others ends last: finishing requests may still need them.
    platform: CancellationToken,
}

/// The platform as the service will see it.
fn platform(bootstrap: &Bootstrap, dial: &Arc<dyn Dial>, ends: &Ends) -> Result<Context, ChassisError> {
    let discovery = match (&bootstrap.discovery, bootstrap.registry_url()?) {
        (Some(given), _) => given.clone(),
        (None, Some(url)) => {
            let settings = DiscoverySettings { dial: Arc::clone(dial), ..DiscoverySettings::new(&url) };
            Discovery::start_with(&settings, ends.platform.clone())?
        }
        (None, None) => Discovery::manual().0,
    };
    let signer = Arc::new(Signer::generate(&bootstrap.application()));
    let config = ClientConfig { zone: crate::settings::zone(&bootstrap.settings)?, ..ClientConfig::default() };
    let client = Client::new(config, discovery.clone(), Some(Arc::clone(&signer)), bootstrap.role);
    Ok(Context {
        role: bootstrap.role,
        instance_id: bootstrap.instance_id.as_str().into(),
        data_dir: bootstrap.data_dir.clone(),
        client,
        discovery,
        signer,
        readiness: Readiness::new(),
        metrics: Metrics::for_role(&bootstrap.telemetry),
        announcement: Announcement::default(),
        shutdown: ends.tasks.clone(),
        draining: ends.draining.clone(),
        settings: bootstrap.settings.clone(),
    })
}

/// What is used up on the way. Behind a lock only because a role is looked at from several futures at once, and
/// closures and futures cannot be shared; it is never contended.
struct Coming<F> {
    build: Option<F>,
    service: Option<Service>,
    closers: Vec<Closer>,
}

struct Running<F> {
    coming: Mutex<Coming<F>>,
    listener: Option<TcpListener>,
    phase: PhaseCell,
    /// What connects to the registry.
    dial: Arc<dyn Dial>,
    /// Where to register, and what to tell once that is done.
    registration: Option<(String, Condition)>,
    handle: OnceLock<RegistrationHandle>,
    /// Cancelled once others can find this instance.
    found: CancellationToken,
    ends: Ends,
    failures: mpsc::Sender<ChassisError>,
    failed: tokio::sync::Mutex<mpsc::Receiver<ChassisError>>,
    tasks: tokio::sync::Mutex<JoinSet<()>>,
    server: Mutex<Option<tokio::task::JoinHandle<()>>>,
    addr: SocketAddr,
    control: Control,
    room: Room,
    context: Context,
    bootstrap: Bootstrap,
}

impl<F, Fut> Running<F>
where
    F: FnOnce(Context) -> Fut + Send,
    Fut: Future<Output = Result<Service, BoxError>> + Send,
{
    fn router(&self, service: &mut Service) -> Router {
        let routes = std::mem::take(&mut service.routes);
        let (mut router, document) = routes.split_for_parts();
        let probes = Probes {
            role: self.bootstrap.role,
            instance_id: Arc::clone(&self.context.instance_id),
            version: self.bootstrap.version,
            phase: self.phase.clone(),
            readiness: self.context.readiness.clone(),
            metrics: self.context.metrics.clone(),
            signer: Arc::clone(&self.context.signer),
        };
        router = router.merge(probes::routes(probes, &document)).merge(control::routes(self.control.clone()));
        router = router.merge(faults::fault_routes(self.context.client.faults().clone()));
        if let Some(database) = service.events.take() {
            router = router.merge(events::routes(self.bootstrap.role, database, self.ends.draining.clone()));
            // A reader asks all the time; what it reads was traced where it was written.
            service.untraced.push(events::PATH);
        }
        // Renewed every second while a fault is in force.
        service.untraced.push(faults::PATH);
        let metrics = HttpMetrics::new(&self.context.metrics);
        faults::register(&self.context.metrics, self.context.client.faults());
        edges::register(&self.context.metrics, &self.context.client);
        let verifier = self.verifier();
        let answering = Answering {
            gate: Gate::new(verifier, self.room.limits.clone(), Arc::clone(&self.room.places), metrics.clone()),
            metrics,
            error_forms: std::mem::take(&mut service.error_forms),
            untraced: std::mem::take(&mut service.untraced),
        };
        router
            .fallback(probes::unknown_route)
            .method_not_allowed_fallback(probes::unknown_method)
            // Last, so that it is outside of everything, fallbacks included.
            .layer(middleware::from_fn_with_state(Arc::new(answering), answer::answer))
    }

    fn coming(&mut self) -> &mut Coming<F> {
        self.coming.get_mut().expect("nothing panics while it is held")
    }

    /// Checks passports with the keys it is given, or with those of live instances, kept fresh.
    fn verifier(&self) -> Arc<Verifier> {
        if let Some(keys) = &self.bootstrap.keys {
            return Arc::new(Verifier::new(self.bootstrap.application(), Arc::clone(keys)));
        }
        let Context { client, discovery, .. } = &self.context;
        let keys = PatientKeys::new(RegistryKeys::new(client.clone()), discovery.clone());
        let verifier = Arc::new(Verifier::new(self.bootstrap.application(), Arc::new(keys.clone())));
        tokio::spawn(keys.keep_fresh(Arc::clone(&verifier), self.ends.platform.clone()));
        verifier
    }

    /// Runs a task; its error or panic ends the role.
    fn watch(&self, tasks: &mut JoinSet<()>, task: crate::service::BackgroundTask) {
        let (failures, role, ended) = (self.failures.clone(), self.bootstrap.role, self.ends.tasks.clone());
        let name = task.name;
        tasks.spawn(async move {
            let source: BoxError = match tokio::spawn(task.future).await {
                Ok(Ok(())) => return,
                Ok(Err(error)) => error,
                Err(panicked) => panicked.into(),
            };
            // On the way down there is nothing left to fail.
            if !ended.is_cancelled() {
                let _ = failures.try_send(ChassisError::Task { role, task: name, source });
            }
        });
    }
}

impl<F, Fut> Steps for Running<F>
where
    F: FnOnce(Context) -> Fut + Send,
    Fut: Future<Output = Result<Service, BoxError>> + Send,
{
    async fn build(&mut self) -> Result<(), ChassisError> {
        let build = self.coming().build.take().expect("a role is built once");
        let role = self.bootstrap.role;
        let service = build(self.context.clone()).await.map_err(|source| ChassisError::Build { role, source })?;
        self.coming().service = Some(service);
        Ok(())
    }

    async fn serve(&mut self) {
        let mut service = self.coming().service.take().expect("built before");
        let listener = self.listener.take().expect("a role serves once");
        let serving = serve::serve(listener, self.router(&mut service), self.ends.draining.clone());
        let (failures, addr) = (self.failures.clone(), self.addr);
        let server = tokio::spawn(async move {
            if let Err(source) = serving.await {
                let _ = failures.try_send(ChassisError::Listen { addr, source });
            }
        });
        *self.server.lock().expect("nothing panics while it is held") = Some(server);

        self.coming().closers = service.closers;
        let mut tasks = self.tasks.lock().await;
        for task in service.tasks {
            self.watch(&mut tasks, task);
        }
        let exporting = export::export(&self.context, &self.bootstrap, self.ends.platform.clone());
        let found = self.found.clone();
        tokio::spawn(async move {
            // The collector takes our passport once it finds our keys, which it does through the registry.
            let _ = tokio::time::timeout(EXPORT_UNFOUND_AFTER, found.cancelled()).await;
            exporting.await;
        });
    }

    async fn wait_ready(&self) {
        let others = |report: &Report| {
            report.checks.iter().all(|check| check.ready || check.informational || check.name == REGISTRATION)
        };
        // The sender is in the context, which outlives this.
        let _ = self.context.readiness.subscribe().wait_for(others).await;
    }

    async fn stay_registered(&self) {
        let Some((url, registered)) = &self.registration else {
            self.found.cancel();
            return std::future::pending().await;
        };
        let mut entry =
            instance::entry(self.bootstrap.role, &self.bootstrap.instance_id, self.addr, self.bootstrap.version);
        // Checked when the platform was put together.
        if let Ok(Some(zone)) = crate::settings::zone(&self.bootstrap.settings) {
            entry.metadata.insert("zone".to_owned(), zone);
        }
        let mut announced = self.context.announcement.subscribe();
        entry.metadata.extend(announced.borrow_and_update().clone());
        let mut conditions = self.context.readiness.subscribe();
        // The url was parsed when the discovery was started.
        let (discovery, ends) = (&self.context.discovery, self.ends.platform.clone());
        let Ok(handle) = Registration::start_over(url, &self.dial, entry, Some(discovery), ends) else {
            return std::future::pending().await;
        };
        let _ = self.handle.set(handle.clone());
        if handle.registered().await {
            registered.ready();
            self.found.cancel();
        }
        loop {
            tokio::select! {
                changed = announced.changed() => {
                    if changed.is_err() { return std::future::pending().await }
                    for (key, value) in announced.borrow_and_update().clone() {
                        handle.set_metadata(key, value);
                    }
                }
                changed = conditions.changed() => {
                    if changed.is_err() { return std::future::pending().await }
                    let is_ready = conditions.borrow_and_update().ready;
                    let status = if is_ready { Status::Up } else { Status::Down };
                    handle.set_status(if self.control.is_drained() { Status::OutOfService } else { status });
                }
            }
        }
    }

    async fn failed(&self) -> ChassisError {
        match self.failed.lock().await.recv().await {
            Some(error) => error,
            None => std::future::pending().await,
        }
    }

    async fn deregister(&self) {
        if let Some(handle) = self.handle.get() {
            handle.deregister().await;
        }
    }

    async fn finish_requests(&self) {
        self.ends.draining.cancel();
        let server = self.server.lock().expect("nothing panics while it is held").take();
        if let Some(server) = server {
            // Its only failure was reported when it happened.
            let _ = server.await;
        }
    }

    async fn end_tasks(&self) {
        self.ends.tasks.cancel();
        let mut tasks = self.tasks.lock().await;
        while tasks.join_next().await.is_some() {}
    }

    async fn close(&mut self) {
        self.tasks.get_mut().abort_all();
        for closer in std::mem::take(&mut self.coming().closers) {
            closer.await;
        }
        self.ends.platform.cancel();
    }
}
