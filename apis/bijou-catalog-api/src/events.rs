//! What the catalog tells others through its outbox (`GET /events` of `CATALOG`).

use serde::{Deserialize, Serialize};

/// A title is new in the catalog. Subject: its id; data: [`TitleEvent`].
pub const TITLE_PUBLISHED: &str = "title.published";

/// Something a card or page shows has changed, `playable` included. Subject: its id; data: [`TitleEvent`].
pub const TITLE_UPDATED: &str = "title.updated";

/// A title has left the catalog. Subject: its id; data: [`TitleEvent`] as it was.
pub const TITLE_WITHDRAWN: &str = "title.withdrawn";

/// The facts readers need to decide whether the change is theirs; the rest is asked for by `GET /v1/titles/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleEvent {
    pub title_id: String,
    /// `movie` or `show`.
    pub kind: String,
    pub name: String,
    pub playable: bool,
}
