//! Asking profiles who somebody in a household may be, and what they may see.
//!
//! The rules (PINs, ceilings, children) are profiles'. Here is only what to do with the answer, and without one: a
//! refresh goes on with what the session knew, a sign-in shows what everybody may see (`domain::rights`), an exchange
//! is refused. `docs/adr/0012-profiles-and-televisions.md` says why.

use std::time::{Duration, Instant};

use bijou_client::{CallContext, CallError, Client};
use bijou_profiles_api::{Admission, AdmissionRequest, Profiles, Refusal};
use bijou_resilience::Deadline;

use crate::domain::rights::{Profile, Rights};

/// How long sign-in and refresh wait: they have something to fall back on.
const PATIENCE: Duration = Duration::from_secs(1);

/// Asks profiles.
pub(crate) struct Household {
    profiles: Profiles,
}

/// What is to be said of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) rights: Rights,
    /// Whether profiles said so just now. Otherwise the token lives only a moment, so that the truth is soon asked for.
    pub(crate) is_asked: bool,
}

impl Household {
    pub(crate) fn new(client: &Client) -> Self {
        Self { profiles: Profiles::new(client) }
    }

    /// Becoming somebody else. Waits as long as the request may take: a person looks at it, and there is no other answer.
    pub(crate) async fn admit(
        &self,
        request: &AdmissionRequest,
        call: &CallContext,
    ) -> Result<Result<Rights, Refusal>, CallError> {
        let admitted = self.profiles.admit(request, call).await?;
        Ok(admitted.map(rights))
    }

    /// The account as a whole, in a new session.
    pub(crate) async fn at_sign_in(&self, account: &str, is_first: bool, call: &CallContext) -> Standing {
        match self.ask(account, None, call).await {
            Some(Ok(rights)) => Standing { rights, is_asked: true },
            Some(Err(_)) | None => Standing { rights: Rights::unasked(is_first), is_asked: false },
        }
    }

    /// Whoever the session is, once more.
    pub(crate) async fn at_refresh(&self, account: &str, known: Rights, call: &CallContext) -> Standing {
        let mut asked = self.ask(account, known.profile_id(), call).await;
        if matches!(asked, Some(Err(Refusal::ProfileNotFound))) {
            // It was deleted: the session is the account's again, which is asked for in its own right.
            asked = self.ask(account, None, call).await;
        }
        match asked {
            Some(Ok(rights)) => Standing { rights, is_asked: true },
            Some(Err(_)) | None => Standing { rights: known, is_asked: false },
        }
    }

    /// Whoever stays needs no PIN. `None` when there is no answer in time.
    async fn ask(&self, account: &str, profile: Option<&str>, call: &CallContext) -> Option<Result<Rights, Refusal>> {
        let request = AdmissionRequest {
            account_id: account.to_owned(),
            profile_id: profile.map(str::to_owned),
            from_profile_id: profile.map(str::to_owned),
            pin: None,
        };
        let patience = Deadline::after(Instant::now(), PATIENCE);
        let deadline = call.deadline.map_or(patience, |deadline| deadline.earlier(patience));
        let call = CallContext { deadline: Some(deadline), ..call.clone() };
        match self.profiles.admit(&request, &call).await {
            Ok(Ok(admission)) => Some(Ok(rights(admission))),
            Ok(Err(Refusal::ProfileNotFound)) => Some(Err(Refusal::ProfileNotFound)),
            Ok(Err(refusal)) => {
                tracing::warn!(account.id = account, ?refusal, "profiles refused somebody who stays who they are");
                Some(Err(refusal))
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(account.id = account, error, "profiles did not say what account `{account}` may see");
                None
            }
        }
    }
}

fn rights(admission: Admission) -> Rights {
    let name = admission.name;
    let profile = admission.profile_id.map(|id| Profile { id, name });
    Rights { profile, kids: admission.kids, maturity: admission.maturity }
}
