//! What the catalog says about one title when somebody asks why it is or is not shown.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Kind, Offer};

/// The catalog's part of a diagnosis: `GET /v1/diagnoses/titles/{id}`, for the console alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogTitleDiagnosis)]
pub struct TitleDiagnosis {
    pub title_id: String,
    pub kind: Kind,
    /// In the title's own language.
    pub name: String,
    pub certification_age: u8,
    /// All of them; none is everywhere and always.
    pub offers: Vec<Offer>,
    /// Whether it is offered in the country and at the time asked for.
    pub offered: bool,
    /// When it is not: the next time from which it is, there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub opens_at: Option<Timestamp>,
    /// When it is: the first moment at which it is not any more, there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub ends_at: Option<Timestamp>,
    /// What the catalog heard from playback.
    pub playable: bool,
    /// Whether the search index of the instance that answers has it; absent while it has no index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub indexed: Option<bool>,
}
