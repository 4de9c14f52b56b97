//! What an encode job is about, as it is stored with the job: enough to start it again in another process.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::store::Playable;

/// A job's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    pub title_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episode_id: Option<String>,
    pub source: WorkSource,
    /// Who made the film and under which licence, if that has to be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
    /// Whether somebody waits for it.
    #[serde(default)]
    pub is_urgent: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum WorkSource {
    /// A media file on this machine.
    File {
        path: PathBuf,
        #[serde(default)]
        subtitles: Vec<SubtitleFile>,
    },
    /// One of the films made of mathematics.
    Original { film: String, tier: Tier },
    /// A film somebody else hosts, by its name in the list of open films.
    OpenFilm { film: String },
}

/// A subtitle file beside the film.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubtitleFile {
    /// BCP 47.
    pub language: String,
    pub path: PathBuf,
}

/// How good a generated film is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// One small rendition, at once.
    First,
    /// The whole ladder.
    Full,
}

impl Work {
    pub fn playable(&self) -> Playable {
        Playable { title_id: self.title_id.clone(), episode_id: self.episode_id.clone() }
    }
}
