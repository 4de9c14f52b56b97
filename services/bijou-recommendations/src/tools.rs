//! `bijou recommend`: making models, and choosing which one is in use.
//!
//! Works on the store and the models' folder themselves, in a process of its own: while the service runs, which notices a
//! new model within a second, and while it does not. Training that is killed half way changes nothing.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use bijou_config::{ConfigError, Layered};
use bijou_ease::EaseError;
use bijou_store::{Database, StoreError};
use jiff::Timestamp;
use serde::Deserialize;

use crate::Config;
use crate::model::folder::{Folder, ReadError};
use crate::model::training::Material;
use crate::model::{Model, file};
use crate::now_ms;
use crate::store::{ModelRow, NotThere, Store};

/// A model that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    pub version: String,
    pub profiles: usize,
    pub interactions: usize,
    /// Titles that learned from plays, and those that enter by genres and people.
    pub titles_played: usize,
    pub titles_alike: usize,
    pub seconds: f64,
}

/// Why a command did nothing.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Mistake(#[from] crate::config::ConfigMistake),
    #[error("the store of recommendations cannot be used")]
    Store(#[from] StoreError),
    #[error("no title is known yet: start `bijou up` once, so that the catalog can tell its titles")]
    NothingKnown,
    #[error(
        "training would need {} MB and may use {} MB; raise `recommendations.memory_bytes_max` or lower `recommendations.items_max`",
        needed >> 20,
        allowed >> 20
    )]
    Memory { needed: u64, allowed: u64 },
    #[error("the model cannot be made")]
    Training(#[from] EaseError),
    #[error("the model cannot be written down")]
    Form(#[from] serde_json::Error),
    #[error(
        "no model can be written into `{}`, so none was made; make it a folder that may be written to, or name another one in \
         `recommendations.models_dir`",
        folder.display()
    )]
    FolderUnusable {
        folder: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the model cannot be put into `{}`", folder.display())]
    Write {
        folder: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("there is no model `{0}`; `bijou recommend list` shows all")]
    NoSuchModel(String),
    #[error("no model was in use before the present one")]
    NothingBefore,
    #[error("model `{version}` is of no use; nothing was changed")]
    Broken {
        version: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("failed to print")]
    Print(#[from] io::Error),
}

#[derive(Deserialize)]
struct Data {
    dir: PathBuf,
}

/// What every command works on.
struct Workshop {
    store: Store,
    database: Database,
    folder: Folder,
    config: Config,
}

impl Workshop {
    async fn open(settings: &Layered) -> Result<Self, ToolError> {
        let data_dir = settings.section::<Data>("data")?.dir;
        let config: Config = settings.section(crate::ROLE)?;
        config.check()?;
        let url = match config.database.as_str() {
            "" => bijou_store::sqlite_url(&data_dir.join(format!("{}.sqlite", crate::ROLE))),
            url => url.to_owned(),
        };
        let database = crate::open(&url).await?;
        let folder = Folder::of(&config.models_dir, &data_dir);
        Ok(Self { store: Store::new(database.clone()), database, folder, config })
    }

    async fn is_younger_than(&self, age: Option<Duration>) -> Result<bool, ToolError> {
        let (Some(age), Some(model)) = (age, self.store.active_model().await?) else { return Ok(false) };
        let oldest_ms = now_ms().saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
        Ok(model.made_ms > oldest_ms && model.facts.interactions > 0)
    }
}

/// Makes a model of everything known and puts it to use. `None` when the one in use is younger than `unless_younger` and
/// has learned something already: whoever starts this by the clock need not remember when it was done last.
pub async fn train(
    settings: &Layered,
    unless_younger: Option<Duration>,
    out: &mut (dyn Write + Send),
) -> Result<Option<Trained>, ToolError> {
    let workshop = Workshop::open(settings).await?;
    let trained = match workshop.is_younger_than(unless_younger).await {
        Ok(true) => Ok(None),
        Ok(false) => train_in(&workshop, out).await.map(Some),
        Err(error) => Err(error),
    };
    workshop.database.close().await;
    trained
}

async fn train_in(workshop: &Workshop, out: &mut (dyn Write + Send)) -> Result<Trained, ToolError> {
    let Workshop { store, folder, config, .. } = workshop;
    folder.try_writing().map_err(|source| ToolError::FolderUnusable { folder: folder.place().to_owned(), source })?;
    let recipe = config.recipe();
    let material = Material::of(store.title_features().await?, &store.interactions().await?, &recipe);
    if material.is_empty() {
        return Err(ToolError::NothingKnown);
    }
    let mut facts = material.facts(&recipe);
    writeln!(
        out,
        "{} interactions of {} profiles; {} titles learn from plays, {} enter by genres and people.",
        facts.interactions, facts.profiles, facts.titles_played, facts.titles_alike
    )?;
    let (needed, allowed) = (material.memory_bytes(&recipe), config.memory_bytes_max);
    writeln!(out, "Memory: about {} MB, of {} MB allowed.", needed.div_ceil(1 << 20), allowed >> 20)?;
    if needed > allowed {
        return Err(ToolError::Memory { needed, allowed });
    }
    out.flush()?;
    let started = Instant::now();
    let made = tokio::task::spawn_blocking(move || material.train(&recipe)).await;
    let (titles, viewing, likeness) = made.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
    facts.seconds = started.elapsed().as_secs_f64();

    let made_ms = now_ms();
    let model = Model { version: version(made_ms), made_ms, facts: facts.clone(), titles, viewing, likeness };
    let (bytes, sha256) = file::write(&model)?;
    let unwritten = |source| ToolError::Write { folder: folder.path(&model.version), source };
    folder.clear_parts().map_err(unwritten)?;
    folder.write(&model.version, &bytes).map_err(unwritten)?;
    let row = ModelRow {
        version: model.version.clone(),
        made_ms,
        sha256,
        bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        facts,
        is_active: true,
    };
    store.add_model(&row).await?;
    for old in store.models().await?.iter().filter(|model| !model.is_active).skip(config.models_kept_max - 1) {
        store.forget_model(&old.version).await?;
        folder.remove(&old.version).map_err(unwritten)?;
    }
    writeln!(
        out,
        "Model {} is in use: {} weights, {} KB, made in {:.1} s.",
        row.version,
        model.viewing.len() + model.likeness.len(),
        row.bytes / 1024,
        row.facts.seconds
    )?;
    Ok(Trained {
        version: row.version,
        profiles: row.facts.profiles,
        interactions: row.facts.interactions,
        titles_played: row.facts.titles_played,
        titles_alike: row.facts.titles_alike,
        seconds: row.facts.seconds,
    })
}

/// Shows all models, the newest first; the one in use with a star.
pub async fn list(settings: &Layered, out: &mut (dyn Write + Send)) -> Result<(), ToolError> {
    let workshop = Workshop::open(settings).await?;
    let models = workshop.store.models().await;
    workshop.database.close().await;
    let models = models?;
    if models.is_empty() {
        writeln!(out, "There is no model yet: `bijou recommend train` makes one.")?;
    }
    for model in models {
        let facts = &model.facts;
        writeln!(
            out,
            "{} {}  {} interactions of {} profiles, {} + {} titles, {} KB, sha256 {}",
            if model.is_active { '*' } else { ' ' },
            model.version,
            facts.interactions,
            facts.profiles,
            facts.titles_played,
            facts.titles_alike,
            model.bytes / 1024,
            model.sha256.get(..12).unwrap_or(&model.sha256)
        )?;
    }
    Ok(())
}

/// Puts a model to use, once it has been read whole.
pub async fn activate(settings: &Layered, version: &str, out: &mut (dyn Write + Send)) -> Result<(), ToolError> {
    let workshop = Workshop::open(settings).await?;
    let activated = activate_in(&workshop, version).await;
    workshop.database.close().await;
    activated?;
    writeln!(out, "Model {version} is in use.")?;
    Ok(())
}

async fn activate_in(workshop: &Workshop, version: &str) -> Result<(), ToolError> {
    if !workshop.store.models().await?.iter().any(|model| model.version == version) {
        return Err(ToolError::NoSuchModel(version.to_owned()));
    }
    check(&workshop.folder, version)?;
    match workshop.store.activate_model(version, now_ms()).await? {
        Ok(()) => Ok(()),
        Err(NotThere::Version | NotThere::Before) => Err(ToolError::NoSuchModel(version.to_owned())),
    }
}

/// Puts the model to use that was in use before, once it has been read whole. Gives its version.
pub async fn rollback(settings: &Layered, out: &mut (dyn Write + Send)) -> Result<String, ToolError> {
    let workshop = Workshop::open(settings).await?;
    let gone_back = rollback_in(&workshop).await;
    workshop.database.close().await;
    let version = gone_back?;
    writeln!(out, "Model {version} is in use again.")?;
    Ok(version)
}

async fn rollback_in(workshop: &Workshop) -> Result<String, ToolError> {
    let before = workshop.store.model_before().await?.ok_or(ToolError::NothingBefore)?;
    check(&workshop.folder, &before)?;
    workshop.store.rollback_model().await?.map_err(|_| ToolError::NothingBefore)
}

fn check(folder: &Folder, version: &str) -> Result<(), ToolError> {
    folder
        .read(version)
        .map(drop)
        .map_err(|source: ReadError| ToolError::Broken { version: version.to_owned(), source: source.into() })
}

/// The time to the millisecond, which sorts and can be typed.
fn version(made_ms: i64) -> String {
    let time = Timestamp::from_millisecond(made_ms).unwrap_or_default();
    format!("{}-{:03}", time.strftime("%Y%m%dT%H%M%SZ"), made_ms.rem_euclid(1000))
}
