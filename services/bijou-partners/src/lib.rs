//! Partners: the catalog for televisions, launchers, consoles and sites that are not ours.
//!
//! Three kinds of callers. **Developers** (signed-in accounts) make apps, keys and webhooks under `/partner/v1/apps`.
//! **Apps** read the catalog with a key (`x-api-key`) or a token they
//! got for their client secret at `/partner/oauth/token` (RFC 6749, 4.4): titles, their changes under a cursor, everything as a snapshot
//! under the same cursor, and feeds in the forms of others. **Operators** decide who gets to production.
//!
//! Titles are a copy of the catalog's, kept by following its events ([`following`]): partners read what is known even
//! while the catalog is away, and reading by partners costs viewers nothing. What changed is also told to webhooks
//! ([`deliveries`]). How much an app may ask is counted in [`admission`].
//!
//! Playback is not here: an app signs viewers in by the device grant with its id as `client_id` and plays by the viewers'
//! API. Identity asks here whose app that is and whom it may sign in ([`domain::app::signs_in`]).

mod admission;
mod clock;
mod config;
mod deliveries;
mod deprecation;
mod domain;
mod error;
mod feeds;
mod following;
mod oauth_error;
mod routes;
mod still_calling;
mod store;
mod telemetry;

use std::sync::Arc;
use std::time::Duration;

use bijou_chassis::{BoxError, Context, Service};
use utoipa::openapi::OpenApi;

pub use clock::Clock;
pub use config::Config;
pub use deprecation::Deprecation;

use admission::Meter;
use deliveries::Sender;
use deprecation::Announced;
use following::Follower;
use still_calling::Callers;
use store::Store;
use telemetry::Counts;

/// The role's name.
pub const ROLE: &str = "partners";

/// What handlers and tasks share.
pub(crate) struct Partners {
    pub(crate) store: Store,
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) meter: Meter,
    /// What is going away.
    pub(crate) announced: Announced,
    pub(crate) callers: Callers,
    pub(crate) counts: Counts,
}

/// Builds the service.
pub async fn service(context: Context) -> Result<Service, BoxError> {
    service_at(context, Clock::system()).await
}

/// Builds the service on another clock, for tests.
pub async fn service_at(context: Context, clock: Clock) -> Result<Service, BoxError> {
    let config: Config = context.config()?;
    config.check()?;
    let announced = config.announced()?;
    let opened = context.readiness.condition("store", "the database is being opened");
    let epoch = uuid::Uuid::new_v4().simple().to_string()[..12].to_owned();
    let store = Store::open(&context.database_url()?, &epoch).await?;
    opened.ready();
    let sender = Sender::new(Duration::from_millis(config.webhook_timeout_ms), config.webhooks_private)?;
    let partners = Arc::new(Partners {
        store: store.clone(),
        config,
        clock,
        meter: Meter::default(),
        announced,
        callers: Callers::default(),
        counts: Counts::new(&context.metrics),
    });
    let heard = context.readiness.informational("catalog", "the catalog has not told its titles yet");
    let follower = Follower::new(Arc::clone(&partners), &context.client);
    let shutdown = context.shutdown.clone();
    Ok(Service::new(routes::router(Arc::clone(&partners)))
        .with_error_form("/partner/oauth", oauth_error::render_problem)
        .with_task("following the catalog", follower.run(heard, shutdown.clone()))
        .with_task("webhooks", deliveries::run(Arc::clone(&partners), sender, shutdown.clone()))
        .with_task("figures of apps", admission::write_usage(partners, shutdown))
        .with_closing(store.close()))
}

/// The service's OpenAPI document.
pub fn openapi() -> OpenApi {
    routes::document()
}
