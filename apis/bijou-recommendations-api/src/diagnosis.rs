//! What recommendations say about one title when somebody asks why it is or is not recommended.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What recommendations know about a title.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RecommendationsTitleDiagnosis)]
pub struct TitleDiagnosis {
    pub title_id: String,
    /// Whether it is among the titles that pages are made of.
    pub candidate: bool,
    /// Whether it counts as one that can be played; `false` for a title that is not a candidate.
    pub playable: bool,
    /// Plays by people, in the last seven days and ever.
    pub plays_week: i64,
    pub plays: i64,
    /// Whether the model in use says anything about it.
    pub modeled: bool,
    /// The model in use, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub model: Option<String>,
    /// What the profile did with it; absent without a profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub profile: Option<Done>,
}

/// What a profile did with a title.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RecommendationsDone)]
pub struct Done {
    pub plays: i64,
    /// Watched to its end: it is in no row any more.
    pub seen: bool,
    /// `none`, `down`, `up`, `double_up`. What has a thumb down is in no row.
    pub thumb: String,
}
