//! Another name, face, language or ceiling.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Path, Reject};
use bijou_problem::Problem;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::ProfileBody;
use crate::domain::profile::{self, Avatar, InvalidProfile};
use crate::error::ProfilesError;
use crate::routes::Shared;
use crate::routes::access::Household;
use crate::store::profiles::{Change, Profile};

/// What is to be different (RFC 7396): members that are absent stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ProfilesProfileChange)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileChange {
    #[schema(nullable = false)]
    name: Option<String>,
    #[schema(nullable = false)]
    avatar: Option<Avatar>,
    #[schema(nullable = false)]
    language: Option<String>,
    /// `null` takes the ceiling away; a child's becomes the usual one.
    #[serde(default)]
    #[schema(value_type = Option<u8>, maximum = 21)]
    maturity: Ceiling,
    #[schema(nullable = false)]
    kids: Option<bool>,
}

/// Tells `null` from absent.
#[derive(Debug, Clone, Copy, Default)]
enum Ceiling {
    #[default]
    AsItIs,
    Set(Option<u8>),
}

impl<'de> Deserialize<'de> for Ceiling {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        Option::deserialize(reader).map(Self::Set)
    }
}

impl ProfileChange {
    /// Whether it is about what somebody may see.
    fn governs(&self) -> bool {
        matches!(self.maturity, Ceiling::Set(_)) || self.kids.is_some()
    }

    fn apply(self, profile: &mut Profile) -> Result<(), InvalidProfile> {
        if let Some(name) = &self.name {
            profile.name = profile::name(name)?;
        }
        if let Some(language) = &self.language {
            profile.language = profile::language(language)?;
        }
        profile.avatar = self.avatar.unwrap_or(profile.avatar);
        profile.kids = self.kids.unwrap_or(profile.kids);
        let maturity = match (self.maturity, self.kids) {
            (Ceiling::Set(asked), _) => asked,
            // What was fit for a grown-up is not what a child gets.
            (Ceiling::AsItIs, Some(true)) => profile.maturity.filter(|age| profile::ceiling(true, Some(*age)).is_ok()),
            (Ceiling::AsItIs, _) => profile.maturity,
        };
        profile.maturity = profile::ceiling(profile.kids, maturity)?;
        Ok(())
    }
}

/// Change a profile
///
/// A change of ceiling reaches a device with its next token, within ten minutes.
#[utoipa::path(
    patch,
    path = "/v1/profiles/{profile_id}",
    tag = "profiles",
    params(("profile_id" = String, Path, description = "The profile's id")),
    request_body = ProfileChange,
    responses(
        (status = 200, description = "The profile as it is now", body = ProfileBody),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`kids-profile`, `profile-limited`, `profile-guarded`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`profile-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`profile-invalid`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn change_profile(
    State(service): Shared,
    caller: Caller,
    Path(id): Path<String>,
    Json(change): Json<ProfileChange>,
) -> Result<Json<ProfileBody>, Reject> {
    let household = Household::of(&service, &caller).await?;
    household.changeable(&id, change.governs())?;
    let apply = |profile: &mut Profile| change.apply(profile);
    let changed = service.store.change_profile(&household.account, &id, service.clock.now_ms(), apply).await;
    match changed.map_err(ProfilesError::from)? {
        Change::Done(profile) => Ok(Json(ProfileBody::from(&*profile))),
        Change::Invalid(error) => Err(ProfilesError::from(error).into()),
        Change::Gone => Err(ProfilesError::ProfileNotFound.into()),
    }
}
