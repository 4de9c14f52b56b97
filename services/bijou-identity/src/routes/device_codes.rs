//! `/v1/device-codes`: somebody who is signed in decides about a device that wants to be.

pub(crate) mod decide;
pub(crate) mod get;

use std::net::IpAddr;

use bijou_chassis::{Caller, Reject, RequestContext};
use bijou_profiles_api::AdmissionRequest;
use http::HeaderMap;
use serde::Serialize;
use utoipa::ToSchema;

use super::text::timestamp;
use crate::Identity;
use crate::client_address;
use crate::domain::user_code::UserCode;
use crate::error::IdentityError;
use crate::guessing::{Attempt, network};
use crate::store::device_codes::Device;

/// A device that waits, as whoever may approve it sees it.
///
/// Codes are also sent by people who want to watch on somebody else's account: name, address and network are here to be
/// looked at before anything is approved.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentityDeviceCode)]
pub(crate) struct DeviceCodeBody {
    /// In its one spelling.
    #[schema(value_type = String, example = "BCDF-GHJK")]
    user_code: String,
    /// The app on it.
    #[schema(example = "bijou-tv")]
    client: String,
    /// What that app is called, where it is a partner's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Lantern TV")]
    client_name: Option<String>,
    /// How it calls itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Living room")]
    device_name: Option<String>,
    /// Where it asks from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "192.0.2.7")]
    address: Option<String>,
    /// Whether that is the network this request comes from: the same address, in IPv6 the same /64.
    same_network: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: jiff::Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: jiff::Timestamp,
}

impl DeviceCodeBody {
    fn of(user_code: &UserCode, device: Device, here: Option<IpAddr>) -> Self {
        let there: Option<IpAddr> = device.address.as_deref().and_then(|address| address.parse().ok());
        Self {
            user_code: user_code.to_string(),
            client: device.client_id,
            client_name: device.client_name,
            device_name: device.name,
            same_network: here.zip(there).is_some_and(|(here, there)| network(here) == network(there)),
            address: device.address,
            created_at: timestamp(device.created_ms),
            expires_at: timestamp(device.waiting.expires_ms),
        }
    }
}

/// The account of somebody who may sign devices in.
///
/// Their session has to go on: an access token outlives it by minutes, and must not come back as a session of months.
/// What begins is the whole account's: a child does not begin it, and somebody else with a ceiling only where profiles
/// would let them become the account unguarded, too.
async fn require_grown_up<'a>(
    identity: &Identity,
    caller: &'a Caller,
    context: &RequestContext,
) -> Result<&'a str, Reject> {
    let account = caller.require_account()?;
    let claims = &caller.passport().claims;
    let session = match claims.session.as_deref() {
        Some(session) => identity.store.session(session, account, identity.clock.now_ms()).await,
        None => Ok(None),
    };
    let session = session.map_err(IdentityError::from)?.ok_or(IdentityError::SessionOver)?;
    if identity.device_clients.is_partners(&session.client_id) {
        return Err(IdentityError::PartnersApp.into());
    }
    if claims.kids || session.rights.kids {
        return Err(IdentityError::KidsProfile.into());
    }
    let claimed = claims.profile.as_deref().filter(|_| claims.maturity.is_some());
    let chosen = session.rights.profile_id().filter(|_| session.rights.is_limited());
    if let Some(limited) = chosen.or(claimed) {
        let request = AdmissionRequest {
            account_id: account.to_owned(),
            from_profile_id: Some(limited.to_owned()),
            ..AdmissionRequest::default()
        };
        let admitted = identity.household.admit(&request, &context.call_as_service()).await;
        admitted.map_err(Reject::unavailable)?.map_err(|_| IdentityError::ProfileLimited)?;
    }
    Ok(account)
}

/// An app that is being tried out signs in nobody but its developer.
fn require_admitted(device: &Device, account: &str) -> Result<(), IdentityError> {
    let is_admitted = device.only_account_id.as_deref().is_none_or(|only| only == account);
    if is_admitted { Ok(()) } else { Err(IdentityError::AppInSandbox) }
}

/// Counts a code that somebody typed as a guess, until it is found.
fn count_guess(identity: &Identity, account: &str, headers: &HeaderMap) -> Result<Attempt, IdentityError> {
    // No e-mail address looks like this: sign-ins are counted apart.
    let key = format!("device-code of {account}");
    Ok(identity.guessing.begin(&key, client_address::of(headers), identity.clock.instant())?)
}
