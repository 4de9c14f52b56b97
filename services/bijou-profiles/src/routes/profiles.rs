//! `/v1/profiles`.

pub(crate) mod change;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod pin;
pub(crate) mod preferences;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::profile::Avatar;
use crate::store::profiles::Profile;
use crate::time;

/// Somebody who watches.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProfilesProfile)]
pub(crate) struct ProfileBody {
    id: String,
    name: String,
    avatar: Avatar,
    /// BCP 47.
    language: String,
    /// Highest certification age it may see; absent: no ceiling.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    maturity: Option<u8>,
    /// A child's: it manages nothing.
    kids: bool,
    /// A grown-up's: asked for on the way in. A child's: on the way out.
    has_pin: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
}

impl From<&Profile> for ProfileBody {
    fn from(profile: &Profile) -> Self {
        Self {
            id: profile.id.clone(),
            name: profile.name.clone(),
            avatar: profile.avatar,
            language: profile.language.clone(),
            maturity: profile.maturity,
            kids: profile.kids,
            has_pin: profile.pin_hash.is_some(),
            created_at: time::at(profile.created_ms),
        }
    }
}
