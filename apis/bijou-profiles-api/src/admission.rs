//! Who may become whom: identity's question before it signs a token.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Somebody signed in to this account wants to be this profile, or the account as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesAdmissionRequest)]
#[serde(deny_unknown_fields)]
pub struct AdmissionRequest {
    pub account_id: String,
    /// Absent: the account as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub profile_id: Option<String>,
    /// The profile in use until now: leaving a child's may need a PIN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from_profile_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub pin: Option<String>,
}

/// What a token may say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProfilesAdmission)]
pub struct Admission {
    /// Absent: the account as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub profile_id: Option<String>,
    /// Highest certification age that may be seen; absent: no ceiling. For the account as a whole it is the lowest of its
    /// profiles' as soon as one of them is a child's or has a PIN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub maturity: Option<u8>,
    pub kids: bool,
    /// The profile's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
}

/// Why somebody may not, beside the service being away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is a PIN, and none was given.
    PinRequired,
    /// Another PIN. So many tries are left.
    PinWrong { tries_left: u32 },
    /// Too many wrong ones: none is looked at for so long.
    PinLocked { retry_after_s: u32 },
    /// The account has no such profile.
    ProfileNotFound,
}
