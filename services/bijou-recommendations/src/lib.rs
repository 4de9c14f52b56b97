//! Recommendations: the home page, its rows, and why each title is where it is.
//!
//! Two followers keep what others said in a store of its own: `following/catalog.rs` the titles, `following/playback.rs`
//! the plays, counted with decay. `serving.rs` turns both into a page whenever something changed, as one immutable
//! value with the first part already written out; a request only picks its part. So the page costs microseconds, is the
//! same for all parts of one look at it, and stays there when catalog or playback is away: rows then say that they are
//! made of what was known last.
//!
//! Where things are: `domain` decides (weights, layout, reasons, cursors) on plain values; `store` has the SQL.
//! Deliberately absent: anything personal. Profiles, history and models come in a later issue; the seam is
//! `domain::page::lay_out`, which sees candidates with scores and does not ask where the scores are from.

mod conditional;
mod config;
mod domain;
mod error;
mod following;
mod routes;
mod serving;
mod store;
mod telemetry;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bijou_chassis::{BoxError, Context, Service};
use bijou_store::{Database, Migration, outbox};
use utoipa::openapi::OpenApi;

pub use config::Config;

use serving::Serving;
use store::Store;
use telemetry::PageMetrics;

/// The role's name.
pub const ROLE: &str = "recommendations";

const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "titles and plays",
    sql: include_str!("store/migrations/0001_titles_and_plays.sql"),
}];

/// What handlers share.
pub(crate) struct Recommendations {
    pub(crate) serving: Arc<Serving>,
    pub(crate) config: Config,
}

/// Builds the service.
pub async fn service(context: Context) -> Result<Service, BoxError> {
    let config: Config = context.config()?;
    config.check()?;
    let opened = context.readiness.condition("store", "the database is being opened");
    let database = Database::open_all(&context.database_url()?, &[MIGRATIONS, outbox::MIGRATIONS]).await?;
    let store = Store::new(database.clone());
    let serving = Arc::new(Serving::new(store.clone(), PageMetrics::new(&context.metrics)));
    // What was known before the last stop is served at once, whoever else is up.
    serving.refresh(now_ms()).await?;
    opened.ready();

    let catalog = context.readiness.informational("catalog", "the catalog has not told its titles yet");
    let playback = context.readiness.informational("playback", "playback has not told its plays yet");
    let titles = following::catalog::Titles::new(store.clone(), &context.client, &config);
    let plays = following::playback::Plays::new(store.clone(), context.client.clone());
    let follow_titles = following::follow(titles, catalog, Arc::clone(&serving), context.shutdown.clone());
    let follow_plays = following::follow(plays, playback, Arc::clone(&serving), context.shutdown.clone());
    let keep_fresh = serving::keep_fresh(Arc::clone(&serving), context.shutdown.clone());
    Ok(Service::new(routes::router(Arc::new(Recommendations { serving, config })))
        .with_task("following catalog", follow_titles)
        .with_task("following playback", follow_plays)
        .with_task("keeping the page fresh", keep_fresh)
        .with_closing(async move { database.close().await }))
}

/// The service's OpenAPI document.
pub fn openapi() -> OpenApi {
    routes::document()
}

/// Milliseconds since 1970. The one look at the clock; everything below gets the time as an argument.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
