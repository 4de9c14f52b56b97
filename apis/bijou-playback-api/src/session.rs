//! One viewer playing one thing.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::PlayerEvent;

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
    /// A playback of the same account that ends so that this one may begin: one of those a 409 `too-many-streams` lists, or
    /// the player's own when it starts again. Naming one that is over, or not the account's, changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub take_over: Option<String>,
    /// What the household calls the device, for that list; at most 80 characters are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub device_name: Option<String>,
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
    /// Where the player reports to: what it does, and at least every 30 seconds that it is there. A session that has been
    /// silent for 90 seconds may lose its place to another one.
    pub events_url: String,
    /// Where the profile stopped last time, in seconds. Absent: begin at the beginning, or nobody could say in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub resume_position_s: Option<f64>,
    /// What comes after an episode; absent after a film, after the last episode, and when nobody could say in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_episode: Option<NextEpisode>,
    /// Parts of the film that may be skipped, where they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub marks: Option<Marks>,
}

/// The episode after this one, which can be played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackNextEpisode)]
pub struct NextEpisode {
    pub episode_id: String,
    pub name: String,
    /// Number of its season.
    pub season: u32,
    /// Number in the season.
    pub number: u32,
}

/// Parts of a film that may be skipped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackMarks)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub intro: Option<IntroMark>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub credits: Option<CreditsMark>,
}

/// The titles at the beginning, or near it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackIntroMark)]
#[serde(deny_unknown_fields)]
pub struct IntroMark {
    /// In seconds.
    #[schema(minimum = 0)]
    pub start_s: f64,
    /// In seconds.
    #[schema(minimum = 0)]
    pub end_s: f64,
}

/// The credits at the end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackCreditsMark)]
#[serde(deny_unknown_fields)]
pub struct CreditsMark {
    /// In seconds.
    #[schema(minimum = 0)]
    pub start_s: f64,
}

/// A playback of the account that is going on: one line of a 409 `too-many-streams`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackStream)]
pub struct Stream {
    /// What `take_over` takes.
    pub playback_id: String,
    pub device_name: String,
    /// Absent where the caller may not know of the title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub episode_id: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub started_at: jiff::Timestamp,
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
    /// What the player met since its last report, in order; at most 64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 64)]
    pub events: Vec<PlayerEvent>,
}

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaybackState)]
#[serde(rename_all = "snake_case")]
pub enum PlaybackState {
    /// The first picture was shown.
    Started,
    /// Sent now and then while playing, and while paused: it keeps the session's place.
    Progress,
    /// Ended, or the viewer left. Gives the place up; reporting again takes it back while nobody wanted it.
    Stopped,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_left_out() {
        let request = PlaybackRequest {
            title_id: "bo-lanterns".to_owned(),
            episode_id: None,
            take_over: None,
            device_name: None,
        };
        assert_eq!(serde_json::to_string(&request).expect("serialises"), r#"{"title_id":"bo-lanterns"}"#);
    }

    #[test]
    fn unknown_members_of_a_request_are_refused() {
        assert!(serde_json::from_str::<PlaybackRequest>(r#"{"title_id":"a","title":"b"}"#).is_err());
        assert!(serde_json::from_str::<PlaybackReport>(r#"{"kind":"paused","position_s":1}"#).is_err());
    }
}
