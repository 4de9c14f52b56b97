//! Who is watching?

use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Reject};
use bijou_problem::Problem;
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use serde::Serialize;
use utoipa::ToSchema;

use super::ProfileBody;
use super::create::new_profile;
use crate::conditional::answer;
use crate::domain::profile::{Avatar, FIRST_NAME, preferred_language};
use crate::error::ProfilesError;
use crate::routes::Shared;
use crate::routes::access::Household;

/// The profiles of an account, the oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProfilesProfiles)]
pub(crate) struct ProfilesBody {
    items: Vec<ProfileBody>,
}

/// The account's profiles
///
/// The first look makes the first one, in the language of `Accept-Language`.
#[utoipa::path(
    get,
    path = "/v1/profiles",
    tag = "profiles",
    responses(
        (status = 200, description = "At least one and at most five", body = ProfilesBody),
        (status = 304, description = "Nothing has changed"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_profiles(
    State(service): Shared,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Reject> {
    let mut household = Household::of(&service, &caller).await?;
    if household.profiles.is_empty() {
        let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok()).unwrap_or_default();
        let now_ms = service.clock.now_ms();
        let first = new_profile(
            household.account.clone(),
            FIRST_NAME.to_owned(),
            Avatar::default(),
            preferred_language(accepted),
            now_ms,
        );
        // Two first looks at once make one.
        service.store.add_profile(&first, 1, now_ms).await.map_err(ProfilesError::from)?;
        household = Household::of(&service, &caller).await?;
    }
    answer(&headers, &ProfilesBody { items: household.profiles.iter().map(ProfileBody::from).collect() })
}
