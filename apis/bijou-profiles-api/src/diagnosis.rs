//! What profiles say about one profile when somebody asks why a title is or is not shown to it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Profiles' part of a diagnosis: `GET /v1/diagnoses/profiles/{id}`, for the console alone. No name: it is not needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesProfileDiagnosis)]
pub struct ProfileDiagnosis {
    pub profile_id: String,
    pub account_id: String,
    /// Highest certification age it may see; absent: no ceiling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub maturity: Option<u8>,
    pub kids: bool,
}
