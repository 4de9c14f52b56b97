//! Profiles: who is watching, where they stopped, what they saw, like and keep.
//!
//! Life of a position, the most frequent request by far: the passport says whose it is, `domain::reports` whether it
//! can be one, `positions` keeps the newest in memory and writes once a minute or on a pause. Life of a page: whoever
//! makes it asks for the `shelf`, everything about a profile in one answer under one tag. Life of a change of profile:
//! identity asks `POST /v1/admissions`, a PIN is tried if one is in the way, and identity signs what the answer says.
//!
//! Where things are: `domain` decides on plain values; `store` is the only place with SQL; `routes` translates;
//! `positions`, `next_episodes` and `exporting` are what goes on in memory and beside the requests. Titles are ids here:
//! whether there is such a title, and whether this one may see it, is the catalog's to say, each time it is shown.
//!
//! An account gets its first profile when it looks at its profiles for the first time. Left out on purpose: which profile
//! a login session uses (identity remembers it), and what other services know about a profile (they delete it when the
//! outbox says so, and tell; an export asks them).

mod clock;
mod conditional;
mod config;
mod domain;
mod error;
mod exporting;
mod next_episodes;
mod pins;
mod positions;
#[cfg(test)]
mod positions_tests;
mod routes;
mod shelf;
mod store;
mod tasks;
mod telemetry;
mod time;
mod zip;

use std::sync::Arc;

use bijou_chassis::{BoxError, Context, Service};
use bijou_client::Client;
use bijou_store::{Database, Migration, outbox};
use tokio::sync::Notify;
use utoipa::openapi::OpenApi;

pub use clock::Clock;
pub use config::Config;

use domain::cursor::Cursors;
use next_episodes::NextEpisodes;
use pins::Pins;
use positions::Positions;
use store::Store;
use telemetry::Counts;

/// The role's name.
pub const ROLE: &str = "profiles";

const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "profiles, positions, history, list, thumbs",
        sql: include_str!("store/migrations/0001_profiles.sql"),
    },
    Migration { version: 2, name: "what exports miss", sql: include_str!("store/migrations/0002_exports_missing.sql") },
];

/// Everything the handlers share.
pub(crate) struct Profiles {
    store: Store,
    positions: Positions,
    next_episodes: NextEpisodes,
    pins: Pins,
    client: Client,
    cursors: Cursors,
    /// Tells whoever makes exports that there is one.
    exports_wanted: Notify,
    clock: Clock,
    config: Config,
    counts: Counts,
    /// This run of this process: what is counted in memory begins again with it.
    run: String,
}

/// Builds the service on the wall clock.
pub async fn service(context: Context) -> Result<Service, BoxError> {
    service_with(context, Clock::system()).await
}

/// Builds the service on a clock of the caller's: tests move it.
pub async fn service_with(context: Context, clock: Clock) -> Result<Service, BoxError> {
    let config: Config = context.config()?;
    config.check()?;
    let counts = Counts::new(&context.metrics, config.positions_waiting_max);
    let opened = context.readiness.condition("store", "the database is being opened");
    let database = Database::open_all(&context.database_url()?, &[MIGRATIONS, outbox::MIGRATIONS]).await?;
    let store = Store::new(database.clone());
    let key = store.cursor_key(&rand::random::<[u8; 32]>()).await?;
    opened.ready();

    let profiles = Arc::new(Profiles {
        positions: Positions::new(store.clone(), config.positions_waiting_max, counts.clone()),
        next_episodes: NextEpisodes::new(store.clone(), &context.client, clock.clone()),
        pins: Pins::new(counts.clone()),
        client: context.client.clone(),
        cursors: Cursors::new(key),
        exports_wanted: Notify::new(),
        run: uuid::Uuid::new_v4().simple().to_string(),
        store,
        clock,
        config,
        counts,
    });
    let shutdown = context.shutdown.clone();
    Ok(Service::new(routes::router(Arc::clone(&profiles)))
        .with_events(database.clone())
        .with_task("writing positions", tasks::write_positions(Arc::clone(&profiles), shutdown.clone()))
        .with_task("making exports", exporting::work(Arc::clone(&profiles), shutdown.clone()))
        .with_task("clearing out", tasks::clear_out(profiles, shutdown))
        .with_closing(async move { database.close().await }))
}

/// The service's OpenAPI document.
pub fn openapi() -> OpenApi {
    routes::document()
}
