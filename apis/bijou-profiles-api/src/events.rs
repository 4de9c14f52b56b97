//! What profiles tells others through its outbox (`GET /events` of `PROFILES`).
//!
//! Every event may be delivered again; its `id` tells repetitions apart. Data of one type only ever gains members.

use serde::{Deserialize, Serialize};

use crate::Thumb;

/// Subject: the profile's id; data: [`ProfileEvent`].
pub const PROFILE_CREATED: &str = "profile.created";
/// Subject: the profile's id; data: [`ProfileEvent`].
pub const PROFILE_UPDATED: &str = "profile.updated";
/// Everything about the profile has to go. Subject: the profile's id; data: [`ErasureEvent`]. Who kept something says when
/// it is gone by `POST /v1/erasures/{erasure_id}/acknowledgements`.
pub const PROFILE_DELETED: &str = "profile.deleted";
/// Entries of the viewing history were deleted. Subject: the profile's id; data: [`HistoryEvent`].
pub const HISTORY_REMOVED: &str = "history.removed";
/// Subject: the profile's id; data: [`ThumbEvent`].
pub const THUMB_SET: &str = "thumb.set";
/// Subject: the profile's id; data: [`ListEvent`].
pub const LIST_CHANGED: &str = "list.changed";

/// A profile came, or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileEvent {
    pub profile_id: String,
    pub account_id: String,
    pub kids: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maturity: Option<u8>,
}

/// A profile is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureEvent {
    pub erasure_id: String,
    pub profile_id: String,
    pub account_id: String,
}

/// Viewing that never was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEvent {
    pub profile_id: String,
    /// The titles concerned.
    pub title_ids: Vec<String>,
    /// Whether all of the history went.
    #[serde(default)]
    pub all: bool,
}

/// A verdict was given or taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThumbEvent {
    pub profile_id: String,
    pub title_id: String,
    /// Absent: taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Thumb>,
}

/// A title was put on the list or taken off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListEvent {
    pub profile_id: String,
    pub title_id: String,
    pub listed: bool,
}
