//! The library: store, media and tools together, which the service and the command line both work on.
//!
//! They may do so at the same time: jobs are leased, and publishing is one row.

use std::path::{Path, PathBuf};

use bijou_config::{ConfigError, Layered};
use bijou_store::StoreError;

use crate::Config;
use crate::ffmpeg::{Tools, ToolsError};
use crate::media::{MediaError, MediaStore};
use crate::store::Store;

/// Everything an ingest needs.
#[derive(Debug, Clone)]
pub struct Library {
    pub(crate) store: Store,
    pub(crate) media: MediaStore,
    /// Where encoders write before anything is stored; one folder for each asset being made.
    pub(crate) work_dir: PathBuf,
    ffmpeg: String,
    ffprobe: String,
}

/// Why the library cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("failed to open playback's database")]
    Store(#[from] StoreError),
    #[error(transparent)]
    Media(#[from] MediaError),
    #[error("failed to create the work folder `{folder}`")]
    WorkFolder {
        folder: String,
        #[source]
        source: std::io::Error,
    },
}

impl Library {
    /// Opens the library that these settings name, as the service would.
    pub async fn open(settings: &Layered) -> Result<Self, LibraryError> {
        let data_dir = settings.section::<Data>("data")?.dir;
        let config: Config = settings.section(crate::ROLE)?;
        let url = match config.database.as_str() {
            "" => bijou_store::sqlite_url(&data_dir.join(format!("{}.sqlite", crate::ROLE))),
            url => url.to_owned(),
        };
        Self::open_at(&url, &data_dir, &config).await
    }

    /// Opens the library in a data folder, on the database at `url`.
    pub async fn open_at(url: &str, data_dir: &Path, config: &Config) -> Result<Self, LibraryError> {
        let store = Store::open(url).await?;
        let media = MediaStore::in_folder(&data_dir.join("media"))?;
        let work_dir = data_dir.join("media-work");
        std::fs::create_dir_all(&work_dir)
            .map_err(|source| LibraryError::WorkFolder { folder: work_dir.display().to_string(), source })?;
        Ok(Self { store, media, work_dir, ffmpeg: config.ffmpeg.clone(), ffprobe: config.ffprobe.clone() })
    }

    /// Finds ffmpeg. Asked each time, so that installing it needs no restart.
    pub async fn tools(&self) -> Result<Tools, ToolsError> {
        Tools::find(&self.ffmpeg, &self.ffprobe).await
    }

    /// Takes a film or episode away from viewers; who is watching may finish. `false`: it was not there.
    pub async fn withdraw(&self, playable_id: &str) -> Result<bool, StoreError> {
        Ok(self.store.withdraw(playable_id, crate::clock::now_ms()).await?.is_some())
    }

    /// Writes back what is pending and lets go of the database.
    pub async fn close(&self) {
        self.store.database().close().await;
    }
}

#[derive(serde::Deserialize)]
struct Data {
    dir: PathBuf,
}
