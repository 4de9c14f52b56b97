//! Becoming a profile, another one, or the account as a whole again (token exchange, RFC 8693).
//!
//! The subject token is an access token of a session that goes on; the answer is one of the same session, which
//! remembers the choice, so that its refresh token gives tokens of that profile from then on. No refresh token comes
//! with it: the one at hand, or in the cookie, stays good. Deliberately absent: acting for somebody else
//! (`actor_token`), and tokens of other types.

use bijou_chassis::note_person;
use bijou_client::CallContext;
use bijou_profiles_api::AdmissionRequest;

use super::Parameters;
use super::token::{ACCESS_TOKEN_TYPE, Tokens};
use crate::Identity;
use crate::access_token::Subject;
use crate::domain::rights::leaving;
use crate::domain::scope;
use crate::domain::target::Target;
use crate::household::Standing;
use crate::oauth_error::OauthError;
use crate::store::accounts::Account;
use crate::store::sessions::Session;
use crate::told::{self, Way};

/// Rounds, each a question to profiles, after which we no longer run after a session in which others choose too.
const ROUNDS_MAX: usize = 3;

/// Answers with a token of the profile that is asked for.
pub(crate) async fn exchange(
    identity: &Identity,
    parameters: &Parameters,
    call: &CallContext,
) -> Result<Tokens, OauthError> {
    let token = parameters.get("subject_token").ok_or(OauthError::InvalidRequest("`subject_token` is missing"))?;
    let token_type = parameters.get("subject_token_type");
    if token_type.ok_or(OauthError::InvalidRequest("`subject_token_type` is missing"))? != ACCESS_TOKEN_TYPE {
        return Err(OauthError::InvalidRequest("`subject_token_type` must be an access token's"));
    }
    if parameters.get("requested_token_type").is_some_and(|requested| requested != ACCESS_TOKEN_TYPE) {
        return Err(OauthError::InvalidRequest("`requested_token_type` must be an access token's"));
    }
    if parameters.get("actor_token").is_some() {
        return Err(OauthError::InvalidRequest("`actor_token` is not supported"));
    }
    if parameters.get("audience").is_some() {
        return Err(OauthError::InvalidTarget);
    }
    let target = Target::parse(parameters.get("resource")).ok_or(OauthError::InvalidTarget)?;
    let subject = identity.issuer.read(token, identity.clock.now_s()).ok_or(OauthError::SubjectToken)?;
    note_person(&subject.account, subject.sid.as_deref());
    // Before anything is written down: a question that is refused must not have changed whose session it is.
    let held: Vec<_> = subject.scope.split(' ').map(str::to_owned).collect();
    if scope::grant(parameters.get("scope"), &held, "").is_none() {
        return Err(OauthError::InvalidScope);
    }
    let chosen = choose(identity, &subject, target, parameters.get("pin"), call).await;
    identity.counts.exchange(match &chosen {
        Ok(_) => "succeeded",
        Err(OauthError::ProfilesAway(_)) => "profiles-away",
        Err(_) => "refused",
    });
    if let Err(refusal @ (OauthError::Refused(_) | OauthError::SubjectToken)) = &chosen {
        told::refused(Way::Profile, &subject.account, None, &refusal.to_string());
    }
    let (account, session, standing) = chosen?;
    // Never more than the shown token had (it may have been a weaker one), nor than may be had today.
    let allowed = identity.scopes(&account, &session, &standing.rights);
    let allowed = scope::within(&subject.scope, &allowed);
    let scope = scope::grant(parameters.get("scope"), &allowed, &allowed.join(" ")).ok_or(OauthError::InvalidScope)?;
    let access_token = identity.access_token(&session, &standing, &scope)?;
    told::succeeded(Way::Profile, &session);
    Ok(Tokens::of_session(access_token, scope, &standing))
}

/// Asks profiles, and writes down in the session what it said.
async fn choose(
    identity: &Identity,
    subject: &Subject,
    target: Target<'_>,
    pin: Option<&str>,
    call: &CallContext,
) -> Result<(Account, Session, Standing), OauthError> {
    let sid = subject.sid.as_deref().ok_or(OauthError::SubjectToken)?;
    let account = identity.store.account(&subject.account).await?.ok_or(OauthError::SubjectToken)?;
    let mut is_admitted = false;
    for _ in 0..ROUNDS_MAX {
        // Access tokens outlive their session by minutes; what they are exchanged for must not.
        let session = identity.store.session(sid, &account.id, identity.clock.now_ms()).await?;
        let session = session.ok_or(OauthError::SubjectToken)?;
        // Otherwise an app that was stopped would go on from exchange to exchange.
        if !is_admitted && !identity.device_clients.may_go_on(&session.client_id, &account.id, call).await {
            identity.store.revoke_session(&session.id, &account.id, identity.clock.now_ms()).await?;
            return Err(OauthError::SubjectToken);
        }
        is_admitted = true;
        let request = AdmissionRequest {
            account_id: account.id.clone(),
            profile_id: target.profile().map(str::to_owned),
            from_profile_id: leaving(subject.shown(), &session.rights, target.profile()).map(str::to_owned),
            pin: pin.map(str::to_owned),
        };
        let rights = identity.household.admit(&request, call).await?.map_err(OauthError::Refused)?;
        let from = session.rights.profile_id();
        if identity.store.set_rights(sid, from, &rights, identity.clock.now_ms()).await? {
            return Ok((account, session, Standing { rights, is_asked: true }));
        }
        // Somebody chose another profile, or ended the session, while we asked: what was asked is no longer the question.
    }
    Err(OauthError::ChosenElsewhere)
}
