//! Who may become whom: identity's question before it signs a token.
//!
//! A PIN is counted before it is looked at, and the count taken back when it was right: whatever happens in between, no
//! number of askers gets more tries than there are.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Reject};
use bijou_problem::Problem;
use bijou_profiles_api::{Admission, AdmissionRequest};

use super::Shared;
use crate::Profiles;
use crate::domain::admission::{guarded_by, guest_ceiling};
use crate::domain::household::Member;
use crate::error::ProfilesError;
use crate::store::pins::Try;
use crate::store::profiles::Profile;

/// The one who asks.
const IDENTITY: &str = "identity";

/// Ask whether somebody may become a profile
///
/// For identity. The answer is what a token of that profile says.
#[utoipa::path(
    post,
    path = "/v1/admissions",
    tag = "services",
    request_body = AdmissionRequest,
    responses(
        (status = 200, description = "What a token may say", body = Admission),
        (status = 403, description = "`pin-required`, `pin-wrong` with `tries_left`, `service-only`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`profile-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`pin-locked`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`pin-busy`, `unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn create_admission(
    State(service): Shared,
    caller: Caller,
    Json(request): Json<AdmissionRequest>,
) -> Result<Json<Admission>, Reject> {
    if caller.require_service()? != IDENTITY {
        return Err(ProfilesError::NotIdentity.into());
    }
    let admitted = admit(&service, request).await;
    service.counts.admission(match &admitted {
        Ok(_) => "admitted",
        Err(ProfilesError::PinRequired) => "pin-required",
        Err(ProfilesError::PinWrong { .. }) => "pin-wrong",
        Err(ProfilesError::PinLocked { .. }) => "pin-locked",
        Err(_) => "refused",
    });
    Ok(Json(admitted?))
}

async fn admit(service: &Profiles, request: AdmissionRequest) -> Result<Admission, ProfilesError> {
    let profiles = service.store.profiles(&request.account_id).await?;
    let household: Vec<Member<'_>> = profiles.iter().map(Profile::member).collect();
    let to = match &request.profile_id {
        None => None,
        Some(id) => {
            let found = profiles.iter().find(|profile| profile.id == *id);
            Some(found.ok_or(ProfilesError::ProfileNotFound)?)
        }
    };
    let guard = guarded_by(&household, request.from_profile_id.as_deref(), to.map(Profile::member));
    if let Some(guard) = guard {
        let hash = profiles.iter().find(|profile| profile.id == guard.id).and_then(|profile| profile.pin_hash.clone());
        let hash = hash.expect("only a profile with a PIN guards");
        let pin = request.pin.ok_or(ProfilesError::PinRequired)?;
        try_pin(service, guard.id, pin, hash).await?;
    }
    Ok(match to {
        None => Admission { maturity: guest_ceiling(&household), ..Admission::default() },
        Some(profile) => Admission {
            profile_id: Some(profile.id.clone()),
            maturity: profile.maturity,
            kids: profile.kids,
            name: Some(profile.name.clone()),
        },
    })
}

async fn try_pin(service: &Profiles, profile: &str, pin: String, hash: String) -> Result<(), ProfilesError> {
    let config = &service.config;
    let locked_ms = i64::from(config.pin_locked_s) * 1000;
    let now_ms = service.clock.now_ms();
    let left = match service.store.begin_pin_try(profile, config.pin_tries_max, locked_ms, now_ms).await? {
        Try::Allowed { left } => left,
        Try::Locked { retry_after_ms } => {
            let seconds = (retry_after_ms + 999) / 1000;
            return Err(ProfilesError::PinLocked { retry_after_s: seconds.try_into().unwrap_or(u32::MAX) });
        }
    };
    match service.pins.is_right(pin, hash).await {
        Ok(true) => Ok(service.store.forget_pin_tries(profile).await?),
        Ok(false) => Err(ProfilesError::PinWrong { tries_left: left }),
        Err(error) => {
            // It was not found out whether this was a guess.
            service.store.give_back_pin_try(profile).await?;
            Err(error.into())
        }
    }
}
