//! A device asks whether it is signed in (RFC 8628, 3.4 and 3.5).
//!
//! An approval is used up in the transaction that begins the session: it gives one, whoever asks at the same moment.

use axum::response::Response;
use bijou_chassis::note_person;
use bijou_client::CallContext;
use http::HeaderMap;

use super::Parameters;
use super::token::{Tokens, keeps_cookie, with_refresh_token};
use crate::Identity;
use crate::domain::device::Verdict;
use crate::login::NewLogin;
use crate::oauth_error::OauthError;
use crate::routes::grant;
use crate::told::{self, Way};

/// Answers a device's question: with its tokens, once somebody approved.
pub(crate) async fn redeem(
    identity: &Identity,
    headers: &HeaderMap,
    parameters: &Parameters,
    call: &CallContext,
) -> Result<Response, OauthError> {
    let code = parameters.get("device_code").ok_or(OauthError::InvalidRequest("`device_code` is missing"))?;
    let client_id = parameters.get("client_id").ok_or(OauthError::InvalidRequest("`client_id` is missing"))?;
    let in_cookie = keeps_cookie(headers, parameters)?;
    let hash = grant::hash(code);
    let asked = identity.store.poll_device(&hash, client_id, identity.clock.now_ms()).await?;
    let (device, verdict) = asked.ok_or(OauthError::DeviceCode)?;
    match verdict {
        Verdict::Approved => {}
        Verdict::Pending => return Err(OauthError::AuthorizationPending),
        Verdict::SlowDown { .. } => return Err(OauthError::SlowDown),
        Verdict::Denied => return Err(OauthError::AccessDenied),
        Verdict::Expired => return Err(OauthError::ExpiredToken),
        Verdict::Used => return Err(OauthError::DeviceCode),
    }
    let account = match &device.account_id {
        Some(account) => identity.store.account(account).await?,
        None => None,
    };
    let account = account.ok_or(OauthError::DeviceCode)?;
    note_person(&account.id, None);
    if !identity.device_clients.may_go_on(&device.client_id, &account.id, call).await {
        told::refused(Way::DeviceCode, &account.id, device.name.as_deref(), "its app was stopped");
        return Err(OauthError::AccessDenied);
    }
    let login = NewLogin { device_name: device.name, client_id: &device.client_id, scopes: device.scopes.clone() };
    let (session, standing) = identity.new_session(&account, login, call).await;
    note_person(&account.id, Some(&session.id));
    let (token, token_hash) = grant::new_token();
    if !identity.store.redeem_device(&hash, &session, &token_hash, identity.clock.now_ms()).await? {
        return Err(OauthError::DeviceCode);
    }
    identity.counts.device_code("redeemed");
    told::succeeded(Way::DeviceCode, &session);
    let access_token = identity.access_token(&session, &standing, &session.scopes)?;
    let tokens = Tokens::of_session(access_token, session.scopes.clone(), &standing);
    Ok(with_refresh_token(identity, tokens, &session, token, in_cookie))
}
