//! One more in the house.

use axum::extract::State;
use axum::response::IntoResponse;
use bijou_chassis::{Caller, Json, Reject};
use bijou_problem::Problem;
use http::header::{ACCEPT_LANGUAGE, LOCATION};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ProfileBody;
use crate::domain::household::Act;
use crate::domain::profile::{self, Avatar, InvalidProfile, PROFILES_MAX, Preferences};
use crate::error::ProfilesError;
use crate::routes::Shared;
use crate::routes::access::Household;
use crate::store::profiles::Profile;

/// A new profile.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ProfilesNewProfile)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewProfile {
    /// 1 to 40 characters.
    #[schema(example = "Ada")]
    name: String,
    /// One nobody has yet unless told.
    #[schema(nullable = false)]
    avatar: Option<Avatar>,
    /// BCP 47; that of `Accept-Language` unless told.
    #[schema(nullable = false)]
    language: Option<String>,
    /// Highest certification age it may see, 0 to 21; a child's at most 12, and 7 unless told.
    #[schema(nullable = false, maximum = 21)]
    maturity: Option<u8>,
    #[serde(default)]
    kids: bool,
    /// 4 to 8 digits.
    #[schema(nullable = false, format = Password)]
    pin: Option<String>,
}

/// Create a profile
#[utoipa::path(
    post,
    path = "/v1/profiles",
    tag = "profiles",
    request_body = NewProfile,
    responses(
        (status = 201, description = "The profile", body = ProfileBody),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`kids-profile`, `profile-limited`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`profiles-full`: there are five", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`profile-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`pin-busy`, `unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn create_profile(
    State(service): Shared,
    caller: Caller,
    headers: HeaderMap,
    Json(new): Json<NewProfile>,
) -> Result<impl IntoResponse, Reject> {
    let household = Household::of(&service, &caller).await?;
    household.may(Act::Create)?;
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok()).unwrap_or_default();
    let now_ms = service.clock.now_ms();
    let taken = household.profiles.iter().map(|profile| profile.avatar);
    let avatar = new.avatar.unwrap_or_else(|| profile::free_avatar(taken));
    let (name, language, maturity) = check(&new, accepted).map_err(ProfilesError::from)?;
    let mut made = new_profile(household.account.clone(), name, avatar, language, now_ms);
    made.maturity = maturity;
    made.kids = new.kids;
    if let Some(pin) = new.pin {
        made.pin_hash = Some(service.pins.hash(pin).await.map_err(ProfilesError::from)?);
    }
    if !service.store.add_profile(&made, PROFILES_MAX, now_ms).await.map_err(ProfilesError::from)? {
        return Err(ProfilesError::ProfilesFull.into());
    }
    let location = format!("/v1/profiles/{}", made.id);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(ProfileBody::from(&made))))
}

fn check(new: &NewProfile, accepted: &str) -> Result<(String, String, Option<u8>), InvalidProfile> {
    if let Some(pin) = &new.pin {
        profile::pin(pin)?;
    }
    let language = match &new.language {
        Some(language) => profile::language(language)?,
        None => profile::preferred_language(accepted),
    };
    Ok((profile::name(&new.name)?, language, profile::ceiling(new.kids, new.maturity)?))
}

/// A profile that begins, without ceiling and PIN.
pub(super) fn new_profile(account_id: String, name: String, avatar: Avatar, language: String, now_ms: i64) -> Profile {
    Profile {
        id: uuid::Uuid::now_v7().to_string(),
        account_id,
        name,
        avatar,
        language,
        maturity: None,
        kids: false,
        pin_hash: None,
        preferences: Preferences::default(),
        picks: Vec::new(),
        created_ms: now_ms,
    }
}
