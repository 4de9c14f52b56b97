//! A login session and what its tokens say, whichever way somebody came in: by password, by device code, by refresh.

use bijou_client::CallContext;

use crate::Identity;
use crate::access_token::AccessToken;
use crate::domain::rights::Rights;
use crate::domain::scope;
use crate::household::Standing;
use crate::keyring::KeyRingError;
use crate::store::accounts::Account;
use crate::store::sessions::Session;

/// Our own apps, where people sign in by password.
pub(crate) const OWN_CLIENT: &str = "bijou-app";

/// What is to begin.
pub(crate) struct NewLogin<'a> {
    pub(crate) device_name: Option<String>,
    pub(crate) client_id: &'a str,
    /// Granted already.
    pub(crate) scopes: String,
}

impl Identity {
    /// A session of the account as a whole, not stored yet, and whether profiles said what it may see.
    pub(crate) async fn new_session(
        &self,
        account: &Account,
        new: NewLogin<'_>,
        call: &CallContext,
    ) -> (Session, Standing) {
        let standing = self.household.at_sign_in(&account.id, account.signed_in_ms.is_none(), call).await;
        let now_ms = self.clock.now_ms();
        let session = Session {
            id: uuid::Uuid::now_v7().to_string(),
            account_id: account.id.clone(),
            device_name: new.device_name,
            client_id: new.client_id.to_owned(),
            scopes: new.scopes,
            rights: standing.rights.clone(),
            created_ms: now_ms,
            last_seen_ms: now_ms,
            expires_ms: now_ms + self.config.sessions.idle_ms(),
        };
        (session, standing)
    }

    /// The scopes a token of this session may have today: taking an operator off the list takes effect at the next
    /// refresh, and a child runs no platform.
    pub(crate) fn scopes(&self, account: &Account, session: &Session, rights: &Rights) -> Vec<String> {
        let mut allowed = self.operators.scopes(&account.email, &account.scopes);
        // Who may do all that a viewer does may do that much of it.
        if allowed.iter().any(|scope| scope == scope::VIEWER) {
            allowed.push(scope::WATCH.to_owned());
        }
        let mut scopes = scope::within(&session.scopes, &allowed);
        scopes.retain(|scope| !rights.kids || scope != scope::OPERATOR);
        scopes
    }

    /// A token with these scopes.
    pub(crate) fn access_token(
        &self,
        session: &Session,
        standing: &Standing,
        scope: &str,
    ) -> Result<AccessToken, KeyRingError> {
        self.issuer.for_session(session, &standing.rights, standing.is_asked, scope, self.clock.now_s())
    }
}
