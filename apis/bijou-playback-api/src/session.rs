//! One viewer playing one thing.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What to play.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackRequest)]
#[serde(deny_unknown_fields)]
pub struct PlaybackRequest {
    /// A film, or the show the episode belongs to.
    pub title_id: String,
    /// Required for a show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub episode_id: Option<String>,
}

/// A playback session: where the film is, and until when it may be fetched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackSession)]
pub struct PlaybackSession {
    pub id: String,
    pub title_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub episode_id: Option<String>,
    /// Length in seconds.
    pub duration_s: f64,
    pub manifest: Manifests,
    /// When manifests and segments stop being served to this session.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: jiff::Timestamp,
    /// Who made the film and under which licence, where the licence asks for it to be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub attribution: Option<String>,
    /// Also in the manifests; here for menus that are drawn before those are loaded.
    pub subtitles: Vec<SubtitleOption>,
    /// Where the player reports to.
    pub events_url: String,
}

/// The same segments, described twice. Paths are relative to the gateway and carry the session's token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackManifests)]
pub struct Manifests {
    pub hls: String,
    pub dash: String,
}

/// A subtitle track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackSubtitleOption)]
pub struct SubtitleOption {
    /// BCP 47.
    pub language: String,
    /// The language's own name for itself, or what the track calls itself.
    pub name: String,
}

/// What a player reports while it plays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackReport)]
#[serde(deny_unknown_fields)]
pub struct PlaybackReport {
    pub kind: PlaybackState,
    /// Position in the film, in seconds.
    #[schema(minimum = 0)]
    pub position_s: f64,
}

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackState)]
#[serde(rename_all = "snake_case")]
pub enum PlaybackState {
    /// The first picture was shown.
    Started,
    /// Sent now and then while playing.
    Progress,
    /// Ended, or the viewer left.
    Stopped,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_left_out() {
        let request = PlaybackRequest { title_id: "bo-lanterns".to_owned(), episode_id: None };
        assert_eq!(serde_json::to_string(&request).expect("serialises"), r#"{"title_id":"bo-lanterns"}"#);
    }

    #[test]
    fn unknown_members_of_a_request_are_refused() {
        assert!(serde_json::from_str::<PlaybackRequest>(r#"{"title_id":"a","title":"b"}"#).is_err());
        assert!(serde_json::from_str::<PlaybackReport>(r#"{"kind":"paused","position_s":1}"#).is_err());
    }
}
