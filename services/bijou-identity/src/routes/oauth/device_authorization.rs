//! A device without a keyboard asks to be signed in (device authorization, RFC 8628, 3.1).
//!
//! Whoever is at it reads the user code off the screen, or the picture of it, and goes on at `/link` in the app on
//! something that is signed in; `routes::device_codes` is what that page talks to.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bijou_chassis::{Json, RequestContext};
use http::HeaderMap;
use http::header::CACHE_CONTROL;
use rand::RngExt;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Fields, Parameters};
use crate::client_address;
use crate::domain::device::{INTERVAL_S, LIFE_MS, Waiting};
use crate::domain::scope;
use crate::domain::user_code::{LENGTH, UserCode};
use crate::oauth_error::{OauthError, OauthErrorBody};
use crate::routes::{Shared, grant, origin, text};
use crate::store::device_codes::{AddDevice, Device};

/// Where the app lets people enter a code.
const LINK_PATH: &str = "/link";

/// Devices that may wait at a time. A guess at 20^8 codes hits one in 2.5 million at worst, and the table stays small.
const WAITING_MAX: i64 = 10_000;

/// Codes tried before we believe that it is not chance that they are taken.
const TRIES_MAX: usize = 3;

/// Parameters of a device authorization request.
#[derive(Debug, ToSchema)]
#[schema(as = IdentityDeviceAuthorizationRequest)]
#[expect(dead_code, reason = "only describes the form, which is read leniently")]
pub(crate) struct DeviceAuthorizationRequest {
    /// One of the platform's, or the id of a partner's app: in production it signs in anybody, before that its developer.
    #[schema(example = "bijou-tv")]
    client_id: String,
    /// How the session will be called in the list of sessions.
    #[schema(nullable = false, example = "Living room")]
    device_name: Option<String>,
    #[schema(nullable = false)]
    scope: Option<String>,
}

/// How to get signed in (RFC 8628, 3.2).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentityDeviceAuthorization)]
pub(crate) struct DeviceAuthorization {
    /// For the device alone: what it asks `POST /oauth/token` with.
    device_code: String,
    /// For people to type.
    #[schema(value_type = String, example = "BCDF-GHJK")]
    user_code: String,
    verification_uri: String,
    /// The same with the code in it, to be shown as a QR code.
    verification_uri_complete: String,
    /// Life of both codes in seconds.
    expires_in: i64,
    /// Seconds between two questions.
    interval: i64,
}

/// Begin signing in a device
///
/// Then the device asks `POST /oauth/token` with `grant_type=urn:ietf:params:oauth:grant-type:device_code` every
/// `interval` seconds until somebody decided.
#[utoipa::path(
    post,
    path = "/oauth/device_authorization",
    tag = "identity",
    request_body(content = DeviceAuthorizationRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The codes", body = DeviceAuthorization),
        (status = 400, description = "`invalid_request`, `invalid_scope`", body = OauthErrorBody),
        (status = 401, description = "`invalid_client`", body = OauthErrorBody),
        (status = 413, description = "`invalid_request`", body = OauthErrorBody),
        (status = 415, description = "`invalid_request`", body = OauthErrorBody),
        (status = 429, description = "`temporarily_unavailable`, with `Retry-After`", body = OauthErrorBody),
        (status = 503, description = "`temporarily_unavailable`", body = OauthErrorBody),
    )
)]
pub(crate) async fn authorize_device(
    State(identity): Shared,
    context: RequestContext,
    headers: HeaderMap,
    form: Fields,
) -> Result<Response, OauthError> {
    let parameters = Parameters::read(form.0)?;
    let client_id = parameters.get("client_id").ok_or(OauthError::InvalidRequest("`client_id` is missing"))?;
    // Before partners is asked, so that nobody keeps it busy through us.
    let address = client_address::of(&headers);
    identity.guessing.count_device(address, identity.clock.instant())?;
    let call = context.call_as_service();
    let known = identity.device_clients.find(client_id, &call).await.map_err(OauthError::PartnersAway)?;
    let client = known.ok_or(OauthError::InvalidClient)?;
    // A device never gets more than a viewer's tokens, whoever signs it in, and a partner's not even those.
    let allowed = [client.scope.to_owned()];
    let scopes = scope::grant(parameters.get("scope"), &allowed, client.scope).ok_or(OauthError::InvalidScope)?;
    let device_name = text::optional("device_name", parameters.get("device_name").map(str::to_owned))
        .map_err(|_| OauthError::InvalidRequest("`device_name` is too long"))?;

    let now_ms = identity.clock.now_ms();
    let device = Device {
        client_id: client_id.to_owned(),
        scopes,
        // Something has to be read in the list of sessions.
        name: device_name.or_else(|| client.name.clone()),
        client_name: client.name,
        only_account_id: client.only_account,
        address: address.map(|address| address.to_canonical().to_string()),
        created_ms: now_ms,
        account_id: None,
        waiting: Waiting {
            expires_ms: now_ms + LIFE_MS,
            interval_s: INTERVAL_S,
            polled_ms: None,
            decision: None,
            is_used: false,
        },
    };
    for _ in 0..TRIES_MAX {
        let (device_code, hash) = grant::new_device_code();
        let user_code = new_user_code();
        match identity.store.add_device(&hash, &user_code, &device, WAITING_MAX).await? {
            AddDevice::Added => {
                identity.counts.device_code("begun");
                let base = origin::of(&identity.config.issuer, &headers);
                let body = DeviceAuthorization {
                    device_code,
                    verification_uri: format!("{base}{LINK_PATH}"),
                    verification_uri_complete: format!("{base}{LINK_PATH}?code={user_code}"),
                    user_code: user_code.to_string(),
                    expires_in: LIFE_MS / 1000,
                    interval: INTERVAL_S,
                };
                return Ok(([(CACHE_CONTROL, "no-store")], Json(body)).into_response());
            }
            AddDevice::CodeTaken => {}
            AddDevice::Full => break,
        }
    }
    identity.counts.device_code("refused");
    Err(OauthError::DevicesFull)
}

fn new_user_code() -> UserCode {
    let mut rng = rand::rng();
    UserCode::from_choices([(); LENGTH].map(|()| rng.random_range(0..UserCode::CHOICES)))
}
