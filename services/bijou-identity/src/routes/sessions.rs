//! `/v1/sessions`: login sessions, one for each sign-in.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;

use serde::Serialize;
use utoipa::ToSchema;

use super::profile::ProfileBody;
use super::text::timestamp;
use crate::store::sessions::Session;

/// A sign-in that goes on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentitySession)]
pub(crate) struct SessionBody {
    pub(crate) id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Firefox on Linux")]
    pub(crate) device_name: Option<String>,
    /// The app: `bijou-app` where somebody signed in by password.
    #[schema(example = "bijou-app")]
    pub(crate) client: String,
    /// The profile in use there; absent for the account as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) profile: Option<ProfileBody>,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: jiff::Timestamp,
    /// When it last got a token: at most ten minutes before its last request.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) last_seen_at: jiff::Timestamp,
    /// Whether it is the one this request belongs to.
    pub(crate) current: bool,
}

impl SessionBody {
    pub(crate) fn of(session: Session, current: Option<&str>) -> Self {
        Self {
            current: current == Some(session.id.as_str()),
            id: session.id,
            profile: ProfileBody::of(&session.rights),
            client: session.client_id,
            device_name: session.device_name,
            created_at: timestamp(session.created_ms),
            last_seen_at: timestamp(session.last_seen_ms),
        }
    }
}
