//! What the catalog tells others through its outbox (`GET /events` of `CATALOG`).

use serde::{Deserialize, Serialize};

use crate::{Offer, Terms};

/// What counts as the age of a title of which none is known.
const UNRATED_AGE: u8 = 18;

/// A title is new in the catalog. Subject: its id; data: [`TitleEvent`].
pub const TITLE_PUBLISHED: &str = "title.published";

/// Something a card or page shows has changed, `playable` included. Subject: its id; data: [`TitleEvent`].
pub const TITLE_UPDATED: &str = "title.updated";

/// A title has left the catalog. Subject: its id; data: [`TitleEvent`] as it was.
pub const TITLE_WITHDRAWN: &str = "title.withdrawn";

/// The facts readers need to decide whether the change is theirs, and who may see the title; the rest is asked for by `GET /v1/titles/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleEvent {
    pub title_id: String,
    /// `movie` or `show`.
    pub kind: String,
    pub name: String,
    pub playable: bool,
    /// From what age on. Events from before it was told count as unrated.
    #[serde(default = "unrated")]
    pub certification_age: u8,
    /// Where and when it is offered; everywhere and always when there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer>,
}

impl TitleEvent {
    /// On what terms the title may be seen.
    pub fn terms(&self) -> Terms<'_> {
        Terms { certification_age: self.certification_age, offers: &self.offers }
    }
}

fn unrated() -> u8 {
    UNRATED_AGE
}
