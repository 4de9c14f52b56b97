//! Whose a session is, as answers say it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::rights::Rights;
use crate::household::Standing;

/// The profile in use. Absent wherever the account as a whole is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentityProfile)]
pub(crate) struct ProfileBody {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Kim")]
    name: Option<String>,
    /// A child's: it manages nothing.
    kids: bool,
}

impl ProfileBody {
    pub(crate) fn of(rights: &Rights) -> Option<Self> {
        let profile = rights.profile.as_ref()?;
        Some(Self { id: profile.id.clone(), name: profile.name.clone(), kids: rights.kids })
    }
}

/// Services that could not be asked, and whose word the answer would need.
pub(crate) fn missing(standing: &Standing) -> Option<Vec<&'static str>> {
    (!standing.is_asked).then(|| vec!["profiles"])
}
