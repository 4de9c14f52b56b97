//! Who asks, and what of the household is theirs to touch.

use bijou_chassis::{Caller, Reject};

use crate::Profiles;
use crate::domain::household::{Act, Member, NotManaging, may};
use crate::error::ProfilesError;
use crate::store::profiles::Profile;

/// Somebody asks about their own things.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Own<'a> {
    pub(crate) account: &'a str,
    pub(crate) profile: &'a str,
    kids: bool,
}

impl<'a> Own<'a> {
    /// The profile of the caller's token, or 403 `profile-required`.
    pub(crate) fn of(caller: &'a Caller) -> Result<Self, Reject> {
        let account = caller.require_account()?;
        let profile = caller.passport().profile().ok_or(ProfilesError::ProfileRequired)?;
        Ok(Self { account, profile, kids: caller.passport().claims.kids })
    }

    /// For what grown-ups want to be able to look up afterwards.
    pub(crate) fn require_grown_up(self) -> Result<(), ProfilesError> {
        if self.kids { Err(NotManaging::Kids.into()) } else { Ok(()) }
    }
}

/// The profiles of the caller's account, and which of them asks.
#[derive(Debug)]
pub(crate) struct Household {
    pub(crate) account: String,
    pub(crate) profiles: Vec<Profile>,
    actor: Option<String>,
    /// What the token says, beside what is known here: the stricter counts.
    kids: bool,
}

impl Household {
    pub(crate) async fn of(service: &Profiles, caller: &Caller) -> Result<Self, Reject> {
        let account = caller.require_account()?;
        let profiles = service.store.profiles(account).await.map_err(ProfilesError::from)?;
        Ok(Self {
            account: account.to_owned(),
            profiles,
            actor: caller.passport().profile().map(str::to_owned),
            kids: caller.passport().claims.kids,
        })
    }

    /// A profile of this account.
    pub(crate) fn profile(&self, id: &str) -> Result<&Profile, ProfilesError> {
        self.profiles.iter().find(|profile| profile.id == id).ok_or(ProfilesError::ProfileNotFound)
    }

    /// Whether the caller may do this.
    pub(crate) fn may(&self, act: Act<'_>) -> Result<(), ProfilesError> {
        Ok(may(self.actor()?, act)?)
    }

    /// A profile of this account that the caller may change, or govern.
    pub(crate) fn changeable(&self, id: &str, governs: bool) -> Result<&Profile, ProfilesError> {
        let profile = self.profile(id)?;
        let member = profile.member();
        self.may(if governs { Act::Govern(member) } else { Act::Change(member) })?;
        Ok(profile)
    }

    fn actor(&self) -> Result<Option<Member<'_>>, ProfilesError> {
        let Some(id) = &self.actor else { return Ok(None) };
        let member = self.profile(id)?.member();
        Ok(Some(Member { kids: member.kids || self.kids, ..member }))
    }
}
