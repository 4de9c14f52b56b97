//! Who looks, and when: what every read of titles is narrowed by.
//!
//! The rule itself is `bijou-catalog-api`'s, the same for all services. Lists apply it in their queries (`store`,
//! `search`), single titles here; a property test holds that both say the same.

use bijou_catalog_api::{Terms, Territory, Viewer};
use jiff::Timestamp;

use crate::document::Document;

/// A viewer at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewing {
    pub viewer: Viewer,
    /// Whole milliseconds, as offers have them.
    pub at: Timestamp,
    /// Whether `at` is now: what is counted for then may be kept for a moment.
    pub is_now: bool,
}

impl Viewing {
    /// Whether this title is there for the viewer.
    pub fn allows(&self, document: &Document) -> bool {
        let terms = Terms { certification_age: document.certification_age, offers: &document.offers };
        self.viewer.may_see(terms, self.at)
    }

    /// The same eyes where every offer holds: for pictures, whose URLs cannot say as of when their page was looked at.
    pub fn whenever_and_anywhere(self) -> Self {
        let viewer = Viewer { territory: Territory::Everywhere, ..self.viewer };
        Self { viewer, ..self }
    }

    pub fn at_ms(&self) -> i64 {
        self.at.as_millisecond()
    }
}
