//! Recommendations: the home page, its rows, and why each title is where it is.
//!
//! Followers keep what others said in a store of its own: `following/catalog.rs` the titles (and `following/credits.rs`
//! who made them), `following/playback.rs` the plays, `following/profiles.rs` thumbs and erasures. `serving.rs` turns that
//! into one immutable snapshot whenever something changed. Everybody's page is laid out in it once, for each ceiling and
//! territory; a profile's own page is laid out on top of it for each request, from the shelf that profiles gives of its
//! last plays. So a play changes the next page, and when somebody is away rows say that they are made of what was known.
//!
//! What titles say about each other is a model (`model.rs`): made by `bijou recommend train` in a process of its own
//! (`tools.rs`), kept as a file, put to use by one row in the store, and gone back from by another.
//!
//! Where things are: `domain` decides (tastes, scores, layouts, reasons, cards) on plain values; `store` has the SQL.
//! Left out: experiments, and artwork by person.

mod audience;
mod conditional;
mod config;
mod domain;
mod error;
mod following;
mod model;
mod reader;
mod routes;
mod serving;
mod store;
mod telemetry;
pub mod tools;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bijou_catalog_api::Catalog;
use bijou_chassis::{BoxError, Context, Service};
use bijou_profiles_api::Profiles;
use bijou_store::{Database, Migration, StoreError, outbox};
use utoipa::openapi::OpenApi;

pub use config::Config;

use domain::card::Signer;
use model::folder::Folder;
use reader::Reader;
use serving::{Models, Serving};
use store::Store;
use telemetry::PageMetrics;

/// The role's name.
pub const ROLE: &str = "recommendations";

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "titles and plays", sql: include_str!("store/migrations/0001_titles_and_plays.sql") },
    Migration {
        version: 2,
        name: "interactions and models",
        sql: include_str!("store/migrations/0002_interactions_and_models.sql"),
    },
];

/// What handlers share.
pub(crate) struct Recommendations {
    pub(crate) serving: Arc<Serving>,
    pub(crate) store: Store,
    pub(crate) reader: Arc<Reader>,
    /// Cards are signed with it.
    pub(crate) secret: Vec<u8>,
    /// Signs the cards of whoever has no profile.
    pub(crate) nobody: Signer,
    pub(crate) metrics: PageMetrics,
    pub(crate) config: Config,
}

/// Builds the service.
pub async fn service(context: Context) -> Result<Service, BoxError> {
    let config: Config = context.config()?;
    config.check()?;
    let opened = context.readiness.condition("store", "the database is being opened");
    let database = open(&context.database_url()?).await?;
    let store = Store::new(database.clone());
    let secret = store.card_secret().await?;
    let models = Models {
        folder: Folder::of(&config.models_dir, &context.data_dir),
        is_usable: context.readiness.informational("model", "no model was made yet; pages are of what others watch"),
    };
    let metrics = PageMetrics::new(&context.metrics);
    let serving = Arc::new(Serving::new(store.clone(), models, metrics.clone()));
    // What was known before the last stop is served at once, whoever else is up.
    serving.refresh(now_ms()).await?;
    opened.ready();

    let catalog = context.readiness.informational("catalog", "the catalog has not told its titles yet");
    let playback = context.readiness.informational("playback", "playback has not told its plays yet");
    let profiles = context.readiness.informational("profiles", "profiles has not told its thumbs yet");
    let titles = following::catalog::Titles::new(store.clone(), &context.client, &config);
    let plays = following::playback::Plays::new(store.clone(), context.client.clone());
    let follow_titles = following::follow(titles, catalog, Arc::clone(&serving), context.shutdown.clone());
    let follow_plays = following::follow(plays, playback, Arc::clone(&serving), context.shutdown.clone());
    let reader = Reader::new(Profiles::new(&context.client), store.clone(), config.shelf_wait(), metrics.clone());
    let reader = Arc::new(reader);
    let thumbs = following::profiles::Thumbs::new(store.clone(), context.client.clone(), Arc::clone(&reader));
    let follow_thumbs = following::follow(thumbs, profiles, Arc::clone(&serving), context.shutdown.clone());
    let ask_credits = following::credits::ask(store.clone(), Catalog::new(&context.client), context.shutdown.clone());
    let keep_fresh = serving::keep_fresh(Arc::clone(&serving), context.shutdown.clone());
    let nobody = Signer::new(&secret, "");
    let recommendations = Recommendations { serving, store, reader, secret, nobody, metrics, config };
    Ok(Service::new(routes::router(Arc::new(recommendations)))
        .with_task("following catalog", follow_titles)
        .with_task("following playback", follow_plays)
        .with_task("following profiles", follow_thumbs)
        .with_task("asking for credits", ask_credits)
        .with_task("keeping the page fresh", keep_fresh)
        .with_closing(async move { database.close().await }))
}

/// The database of this service at `url`.
pub(crate) async fn open(url: &str) -> Result<Database, StoreError> {
    Database::open_all(url, &[MIGRATIONS, outbox::MIGRATIONS]).await
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
