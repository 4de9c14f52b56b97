//! Everything about a profile that a home page is made of, in one answer.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A profile's shelf. Ids only: names and pictures are the catalog's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesShelf)]
pub struct Shelf {
    /// Another one means that something below is different.
    pub version: String,
    pub profile: ShelfProfile,
    /// What was watched last, the newest first, each title once; at most 50.
    pub recent: Vec<Recent>,
    /// What was begun and not finished, the newest first, each title once; at most 20.
    #[serde(rename = "continue")]
    pub going_on: Vec<ContinueItem>,
    /// The newest first; at most 100.
    pub list: Vec<ListItem>,
    /// The newest first; at most 500.
    pub thumbs: Vec<ThumbItem>,
    /// Whether there are older thumbs than these.
    #[serde(default)]
    pub more_thumbs: bool,
    /// Titles picked when the profile began.
    pub picks: Vec<String>,
}

/// Whose shelf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesShelfProfile)]
pub struct ShelfProfile {
    pub id: String,
    pub name: String,
    pub kids: bool,
    /// BCP 47.
    pub language: String,
}

/// Something that was watched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesRecent)]
pub struct Recent {
    pub title_id: String,
    /// The episode watched last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub episode_id: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// How much of it, 0 to 1.
    pub fraction: f64,
}

/// Something to go on with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesContinueItem)]
pub struct ContinueItem {
    pub title_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub episode_id: Option<String>,
    /// In seconds; 0 for a next episode.
    pub position_s: f64,
    /// In seconds; 0 while the length of a next episode is not known.
    pub duration_s: f64,
    /// 0 to 1.
    pub fraction: f64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The episode before was finished, this one is next.
    pub next: bool,
}

/// A title on somebody's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesListItem)]
pub struct ListItem {
    pub title_id: String,
    #[schema(value_type = String, format = DateTime)]
    pub added_at: Timestamp,
}

/// A verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesThumb)]
#[serde(rename_all = "snake_case")]
pub enum Thumb {
    Down,
    Up,
    DoubleUp,
}

/// A verdict on a title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesThumbItem)]
pub struct ThumbItem {
    pub title_id: String,
    pub value: Thumb,
}
