//! Playback: makes films playable and lets those watch who may.
//!
//! Two lives meet here. **Ingest**: a file (or a recipe of the demo) becomes an asset: probed, encoded once into
//! fragmented MP4 at several sizes, indexed, stored, and published by one transaction ([`ingest`], [`scan`], and a
//! worker that shares a queue of leased jobs with all other instances). **Playing**: `POST /v1/playbacks` gives somebody
//! who may see the title one of the account's places and a signed token; HLS and DASH manifests are written on request
//! over the same byte ranges; segments come from the media store by range, and nothing without the token.
//!
//! Left out, with seams: DRM, per-title ladders, content steering, stores beyond one machine. Where somebody stopped is
//! kept by profiles, who hears it from the player itself.
//! The command line works on the same store and media folder as the service, beside it or without it.

mod artwork;
mod clock;
mod closings;
mod cmaf;
mod demo;
mod domain;
mod error;
mod fetch;
mod ffmpeg;
mod following;
mod housekeeping;
pub mod ingest;
mod keyring;
pub mod library;
mod manifests;
mod media;
mod neighbours;
mod packager;
mod presentation;
mod quality;
mod routes;
pub mod scan;
mod state;
mod store;
mod telemetry;
mod work;
mod worker;

use std::time::Duration;

use bijou_catalog_api::Catalog;
use bijou_chassis::{BoxError, Context, Service};
use serde::Deserialize;

use crate::library::Library;
use crate::neighbours::Neighbours;
use crate::state::{Playback, Rules};
use crate::telemetry::PlaybackMetrics;
use crate::worker::{Demo, Worker};

/// The role's name.
pub const ROLE: &str = "playback";

/// Section `[playback]`, the part that is not common to all roles.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Config {
    /// Empty for a file in the data folder; also read by the chassis.
    pub database: String,
    /// Programs, by name or path.
    pub ffmpeg: String,
    pub ffprobe: String,
    /// How long a session's token outlives the film's own length, in seconds.
    pub token_s: u32,
    /// Whether this instance takes encode jobs.
    pub encode: bool,
    /// Sessions of one account that may play at the same time; 0 for any number.
    pub streams_max: usize,
    /// How long a session holds its place without a word of its player, in seconds. Players report every 30.
    pub lease_s: u32,
    /// How long a play waits for the position and the next episode, in milliseconds; then it begins without.
    pub wait_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database: String::new(),
            ffmpeg: "ffmpeg".to_owned(),
            ffprobe: "ffprobe".to_owned(),
            token_s: 6 * 3600,
            encode: true,
            streams_max: 4,
            lease_s: 90,
            wait_ms: 300,
        }
    }
}

/// Section `[demo]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
struct DemoConfig {
    enabled: bool,
    fetch_films: bool,
}

impl Default for DemoConfig {
    fn default() -> Self {
        Self { enabled: false, fetch_films: true }
    }
}

/// Builds the service.
pub async fn service(context: Context) -> Result<Service, BoxError> {
    let config: Config = context.config()?;
    let demo: DemoConfig = context.settings.section("demo")?;
    let library = Library::open_at(&context.database_url()?, &context.data_dir, &config).await?;
    let metrics = PlaybackMetrics::register(&context.metrics);
    let neighbours = Neighbours::new(&context.client, Duration::from_millis(config.wait_ms));
    let rules = Rules {
        token_ms: i64::from(config.token_s) * 1000,
        streams_max: config.streams_max,
        lease_ms: i64::from(config.lease_s) * 1000,
    };
    let playback = Playback::new(&library, neighbours, metrics.clone(), rules);
    // Before the first request: what was closed before a restart stays closed.
    playback.closings.refresh(&library.store, clock::now_ms()).await?;
    context.announcement.set("bijou.demo", if demo.enabled { "on" } else { "off" });
    worker::announce_playable(&library, &context.announcement, &metrics).await;

    let shutdown = context.shutdown.clone();
    let mut service = Service::new(routes::router(playback.clone()))
        .with_events(library.store.database().clone())
        .with_task("artwork", artwork::run(library.clone(), Catalog::new(&context.client), shutdown.clone()))
        .with_task("profiles", following::run(library.store.clone(), context.client.clone(), shutdown.clone()))
        .with_task(
            "housekeeping",
            housekeeping::run(
                library.clone(),
                playback,
                context.announcement.clone(),
                metrics.clone(),
                shutdown.clone(),
            ),
        );
    if config.encode {
        let worker = Worker {
            library: library.clone(),
            owner: context.instance_id.to_string(),
            demo: Demo { is_enabled: demo.enabled, fetches_films: demo.fetch_films },
            announcement: context.announcement.clone(),
            tools_condition: context.readiness.informational("encoder", "looking for ffmpeg"),
            metrics,
        };
        // Before the first request, so that who asks early hears "being prepared" and not "unknown".
        worker.seed().await?;
        service = service.with_task("encode", worker.run(shutdown));
    }
    Ok(service.with_closing(async move { library.close().await }))
}

/// The service's contract.
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes::document()
}
