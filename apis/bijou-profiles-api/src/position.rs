//! Where somebody stopped.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a player is doing when it reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesPositionState)]
#[serde(rename_all = "snake_case")]
pub enum PositionState {
    /// A heartbeat: kept in memory and written with the next ones.
    Playing,
    /// Written at once.
    Paused,
    /// Written at once.
    Stopped,
}

/// A position as a player reports it. Repeating one, or sending several out of order, does no harm: the newest by `at`
/// counts, and one `session` and `seq` counts once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesPositionReport)]
#[serde(deny_unknown_fields)]
pub struct PositionReport {
    /// A film, or the show the episode belongs to.
    pub title_id: String,
    /// Required for a show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub episode_id: Option<String>,
    /// The playback session.
    pub session: String,
    /// Counts the session's reports.
    pub seq: u32,
    /// In seconds.
    #[schema(minimum = 0)]
    pub position_s: f64,
    /// Length of what is played, in seconds.
    #[schema(minimum = 0)]
    pub duration_s: f64,
    /// When, by the player's clock. A time to come is taken as now.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub state: PositionState,
}

/// Where somebody stopped.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesPosition)]
pub struct Position {
    /// The film or the episode.
    pub playable_id: String,
    pub title_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub episode_id: Option<String>,
    /// In seconds.
    pub position_s: f64,
    /// In seconds.
    pub duration_s: f64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}
