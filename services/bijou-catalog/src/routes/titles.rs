//! `/v1/titles`.

pub(super) mod get;
pub(super) mod list;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The members of a title in a list.
const SUMMARY_FIELDS: &[&str] = &[
    "id",
    "kind",
    "name",
    "year",
    "genres",
    "certification_age",
    "runtime_s",
    "synopsis_short",
    "playable",
    "artwork",
    "added_at",
    "offers",
];

/// The members of a title.
const TITLE_FIELDS: &[&str] = &[
    "id",
    "kind",
    "name",
    "year",
    "genres",
    "certification_age",
    "runtime_s",
    "synopsis_short",
    "playable",
    "artwork",
    "added_at",
    "offers",
    "original_name",
    "moods",
    "synopsis",
    "tagline",
    "original_language",
    "language",
    "credits",
    "attribution",
    "license",
    "seasons",
];

/// A title with only the members asked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CatalogTitlePart)]
struct TitlePart {
    id: String,
    #[serde(flatten)]
    #[schema(value_type = std::collections::HashMap<String, serde_json::Value>)]
    members: Map<String, Value>,
}
