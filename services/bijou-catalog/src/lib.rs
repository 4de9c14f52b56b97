//! The catalog: titles, seasons and episodes, people, genres, images; and bringing them in.
//!
//! Life of a request: `routes` reads what is asked for, `store` finds documents, `present` writes them in the reader's
//! language with names and image URLs, `conditional` adds the tag or answers 304. Images come from `images` (kept,
//! bounded), which prints a poster (`posters`) where nobody brought artwork.
//!
//! Others tell it what can be played (`following`: playback's outbox); it tells others what changed by its own. It
//! starts and answers with nobody else running. `import` is also the tool's way in, on the store itself, whether the
//! service runs or not.
//!
//! What a reader may see is decided by one rule (`bijou-catalog-api`) of their profile's ceiling and the offers in their
//! country, at every read. `search` keeps an index of the titles in each instance.
//!
//! Left out until its own issue: editing by hand.

mod conditional;
mod counted;
mod demo;
pub mod document;
mod domain;
mod error;
mod following;
pub mod images;
pub mod import;
pub mod posters;
mod present;
mod routes;
mod search;
mod store;
mod telemetry;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bijou_chassis::{BoxError, Context, Service};
use serde::Deserialize;
use tracing::info;
use utoipa::openapi::OpenApi;

use crate::conditional::Freshness;
use crate::counted::Counted;
use crate::domain::cursor::Cursors;
use crate::domain::text::slug;
use crate::images::{Bounds, Images, Seals};
use crate::search::{Keeper, Search};
use crate::store::Store;
use crate::telemetry::{ImageMetrics, SearchMetrics};

/// The role in lower case.
pub const ROLE: &str = "catalog";

/// Section `[catalog]`, besides what all roles have.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Config {
    /// How long readers may use an answer without asking again, in seconds.
    pub fresh_s: u32,
    pub images: ImagesConfig,
}

/// Section `[catalog.images]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct ImagesConfig {
    /// Images kept in memory, in bytes.
    pub memory_bytes_max: usize,
    /// Images kept in the data folder, in bytes.
    pub disk_bytes_max: u64,
    /// Images printed at the same time; 0 for one less than there are processors.
    pub printing_max: usize,
    /// Requests that wait for an image to be printed; more are answered 503.
    pub waiting_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self { fresh_s: 5, images: ImagesConfig::default() }
    }
}

impl Default for ImagesConfig {
    fn default() -> Self {
        Self { memory_bytes_max: 8 << 20, disk_bytes_max: 256 << 20, printing_max: 0, waiting_max: 128 }
    }
}

/// Section `[demo]`, as far as the catalog is in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DemoConfig {
    enabled: bool,
}

/// What handlers share.
pub(crate) struct Catalog {
    pub(crate) store: Store,
    pub(crate) counted: Counted,
    pub(crate) cursors: Cursors,
    pub(crate) images: Images,
    pub(crate) seals: Seals,
    pub(crate) freshness: Freshness,
    pub(crate) search: Arc<Search>,
}

/// Builds the service.
pub async fn service(context: Context) -> Result<Service, BoxError> {
    let config: Config = context.config()?;
    let demo: DemoConfig = context.settings.section("demo")?;
    let opened = context.readiness.condition("store", "the database is being opened");
    let store = Store::open(&context.database_url()?).await?;
    if demo.enabled && store.is_empty().await? {
        let count = demo::import(&store, now_ms()).await?;
        info!(titles = count, "put {count} demo titles into an empty catalog");
    }
    let key = store.cursor_key().await?;
    opened.ready();

    let images = Images::new(
        context.data_dir.join("cache").join("images"),
        Bounds::of(&config.images),
        ImageMetrics::register(&context.metrics),
    );
    let search = Arc::new(Search::new(SearchMetrics::register(&context.metrics)));
    let keeper = Keeper {
        store: store.clone(),
        search: Arc::clone(&search),
        // Instances on one machine share the data folder, and an index has one writer.
        folder: context.data_dir.join("cache").join("search").join(slug(&context.instance_id)),
        condition: context.readiness.informational("search", "the search index is being built"),
        shutdown: context.shutdown.clone(),
    };
    let catalog = Arc::new(Catalog {
        counted: Counted::new(store.clone(), Arc::clone(&search)),
        store: store.clone(),
        cursors: Cursors::new(key),
        images,
        seals: Seals::new(key),
        freshness: Freshness { max_age_s: config.fresh_s },
        search: Arc::clone(&search),
    });
    let heard = context.readiness.informational("playback", "playback has not told yet what can be played");
    let following = following::follow(store.clone(), context.client.clone(), heard, context.shutdown.clone());
    let database = store.database().clone();
    Ok(Service::new(routes::router(catalog))
        .with_events(database.clone())
        .with_task("following playback", following)
        .with_task("keeping the search index", keeper.keep())
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
