//! What playback says about one title when somebody asks why it does or does not play.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Playback's part of a diagnosis: `GET /v1/diagnoses/titles/{id}`, for the console alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackTitleDiagnosis)]
pub struct TitleDiagnosis {
    pub title_id: String,
    pub state: Preparation,
    /// While it is being prepared: how much is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub percent: Option<u8>,
    /// Why its preparation failed, in the encoder's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub failure: Option<String>,
    /// Episodes of a show that can be played.
    pub episodes_ready: u64,
    /// What is played: of a show, its first episode that can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub asset: Option<AssetDiagnosis>,
}

/// How far a title has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackPreparation)]
#[serde(rename_all = "kebab-case")]
pub enum Preparation {
    /// It can be played.
    Ready,
    /// Its file waits to be encoded.
    Queued,
    /// Its file is being encoded.
    Running,
    /// Its file could not be encoded.
    Failed,
    /// Nobody has brought a file.
    Absent,
}

/// What is played.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackAssetDiagnosis)]
pub struct AssetDiagnosis {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub episode_id: Option<String>,
    pub duration_s: f64,
    /// Whether its files are there; without them the two lists are empty.
    pub complete: bool,
    /// The ladder, smallest first.
    pub video: Vec<VideoDiagnosis>,
    pub audio: Vec<AudioDiagnosis>,
    pub subtitle_languages: Vec<String>,
}

/// One step of the ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackVideoDiagnosis)]
pub struct VideoDiagnosis {
    pub width: u32,
    pub height: u32,
    /// RFC 6381.
    #[schema(example = "avc1.64001e")]
    pub codec: String,
    /// Over its whole length.
    pub bitrate_kbps: u64,
}

/// One sound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackAudioDiagnosis)]
pub struct AudioDiagnosis {
    /// BCP 47; `und` when nobody says.
    pub language: String,
    /// RFC 6381.
    #[schema(example = "mp4a.40.2")]
    pub codec: String,
    pub channels: u32,
}
