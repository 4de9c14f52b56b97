//! What playback tells others through its outbox (`GET /events` of `PLAYBACK`).
//!
//! Every event may be delivered again; its `id` tells repetitions apart. Data of one type only ever gains members.

use serde::{Deserialize, Serialize};

/// Something can be played, or can be played better: sent again when more renditions are there.
/// Subject: the playable id (episode or title); data: [`AssetEvent`].
pub const ASSET_READY: &str = "asset.ready";

/// Something can no longer be played. Subject: the playable id; data: [`AssetEvent`] as it was.
pub const ASSET_WITHDRAWN: &str = "asset.withdrawn";

/// A viewer saw the first picture; once per session. Subject: the title's id; data: [`PlaybackEvent`].
pub const PLAYBACK_STARTED: &str = "playback.started";

/// A viewer got this far. Subject: the title's id; data: [`PlaybackEvent`].
pub const PLAYBACK_PROGRESS: &str = "playback.progress";

/// A viewer stopped, at the end or before. Subject: the title's id; data: [`PlaybackEvent`].
pub const PLAYBACK_STOPPED: &str = "playback.stopped";

/// What can be played.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssetEvent {
    /// One encode. Another asset of the same title replaces it.
    pub asset_id: String,
    /// The film, or the show the episode belongs to.
    pub title_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episode_id: Option<String>,
    /// Length in seconds.
    pub duration_s: f64,
    /// Lines of the largest rendition.
    #[serde(default)]
    pub height_max: u32,
    /// BCP 47 tags of the sound, the default first.
    #[serde(default)]
    pub audio_languages: Vec<String>,
    /// BCP 47 tags.
    #[serde(default)]
    pub subtitle_languages: Vec<String>,
}

/// What a viewer does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaybackEvent {
    pub playback_id: String,
    pub account_id: String,
    /// Who of the account watches. Absent: the account as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_id: Option<String>,
    pub title_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episode_id: Option<String>,
    /// In seconds.
    pub position_s: f64,
    /// Length of what is played, in seconds.
    pub duration_s: f64,
    /// Whether the viewer is one of the demo's invented members.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub synthetic: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_the_unspoken_case() {
        let event = PlaybackEvent {
            playback_id: "p".to_owned(),
            account_id: "a".to_owned(),
            profile_id: None,
            title_id: "t".to_owned(),
            episode_id: None,
            position_s: 1.5,
            duration_s: 20.0,
            synthetic: false,
        };
        let text = serde_json::to_string(&event).expect("serialises");
        assert!(!text.contains("synthetic") && !text.contains("episode_id"), "{text}");
        assert_eq!(serde_json::from_str::<PlaybackEvent>(&text).expect("reads"), event);
    }
}
