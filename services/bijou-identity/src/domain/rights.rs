//! What a token says of the person it is for, and what is left of that when nobody can be asked.

/// A profile as a token names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
}

/// Whose a session is at the moment, and what they may see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rights {
    /// `None`: the account as a whole.
    pub(crate) profile: Option<Profile>,
    /// The profile is a child's.
    pub(crate) kids: bool,
    /// Highest certification age that may be seen; `None`: no ceiling.
    pub(crate) maturity: Option<u8>,
}

impl Rights {
    /// Id of the profile.
    pub(crate) fn profile_id(&self) -> Option<&str> {
        self.profile.as_ref().map(|profile| profile.id.as_str())
    }

    /// Whether it is a profile that may not see everything: it must not get at the account as a whole unguarded.
    pub(crate) fn is_limited(&self) -> bool {
        self.profile.is_some() && (self.kids || self.maturity.is_some())
    }

    /// Of a new session, when profiles cannot say whether there are children in the house.
    ///
    /// Nobody makes a profile without a token, so an account that never had one has no children: everything may be
    /// seen. Of any other it is not known, and it is shown what everybody may see.
    pub(crate) fn unasked(is_first_sign_in: bool) -> Self {
        Self { maturity: (!is_first_sign_in).then_some(0), ..Self::default() }
    }
}

/// The profile that somebody leaves who shows a token of `shown` in a session of `session` and wants to be `to`.
///
/// The two differ when a profile was chosen elsewhere in the same session (another tab). A limited one counts first,
/// wherever it is: no older token is a way round the PIN that guards its door. Otherwise the token counts and not the
/// session: that somebody else is in by their PIN does not open the door to whoever holds an older token.
pub(crate) fn leaving<'a>(shown: Shown<'a>, session: &'a Rights, to: Option<&str>) -> Option<&'a str> {
    let chosen = session.profile_id().filter(|id| session.is_limited() && Some(*id) != to);
    let claimed = shown.profile.filter(|id| shown.is_limited && Some(*id) != to);
    chosen.or(claimed).or(shown.profile)
}

/// What a shown token says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub(crate) profile: Option<&'a str>,
    /// See [`Rights::is_limited`].
    pub(crate) is_limited: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOBODY: Shown<'static> = Shown { profile: None, is_limited: false };
    const ADA: Shown<'static> = Shown { profile: Some("ada"), is_limited: false };
    const KIM: Shown<'static> = Shown { profile: Some("kim"), is_limited: true };
    const LEO: Shown<'static> = Shown { profile: Some("leo"), is_limited: true };

    fn rights(profile: Option<&str>, kids: bool, maturity: Option<u8>) -> Rights {
        Rights { profile: profile.map(|id| Profile { id: id.to_owned(), name: None }), kids, maturity }
    }

    #[track_caller]
    fn check(shown: Shown<'static>, session: Shown<'static>, to: Option<&str>, expected: Option<&str>) {
        let session_rights = rights(session.profile, false, session.is_limited.then_some(7));
        assert_eq!(leaving(shown, &session_rights, to), expected, "{shown:?} in {session:?} to {to:?}");
    }

    #[test]
    fn token_and_session_usually_agree() {
        check(NOBODY, NOBODY, Some("ada"), None);
        check(ADA, ADA, Some("bob"), Some("ada"));
        check(ADA, ADA, Some("ada"), Some("ada"));
        check(KIM, KIM, None, Some("kim"));
        check(KIM, KIM, Some("kim"), Some("kim"));
    }

    #[test]
    fn a_limited_profiles_door_is_passed_by_no_older_token() {
        check(NOBODY, KIM, Some("bob"), Some("kim"));
        check(NOBODY, KIM, None, Some("kim"));
        check(ADA, KIM, Some("ada"), Some("kim"));
        check(KIM, ADA, Some("ada"), Some("kim"));
        check(KIM, LEO, Some("ada"), Some("leo"));
        check(KIM, LEO, Some("leo"), Some("kim"));
    }

    #[test]
    fn that_somebody_is_in_opens_no_door_to_an_older_token() {
        check(NOBODY, ADA, Some("ada"), None);
        check(NOBODY, KIM, Some("kim"), None);
    }

    #[test]
    fn children_and_profiles_with_a_ceiling_are_limited_and_the_account_is_not() {
        assert!(rights(Some("kim"), true, None).is_limited());
        assert!(rights(Some("bob"), false, Some(16)).is_limited());
        assert!(!rights(Some("ada"), false, None).is_limited());
        assert!(!rights(None, false, Some(7)).is_limited());
    }

    #[test]
    fn only_an_account_that_never_signed_in_is_known_to_have_no_children() {
        assert_eq!(Rights::unasked(true).maturity, None);
        assert_eq!(Rights::unasked(false).maturity, Some(0));
    }
}
