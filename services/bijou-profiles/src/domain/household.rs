//! Who may manage what.
//!
//! Whoever signed in by password speaks for the account as a whole and manages everything. A profile manages less the
//! more it is guarded itself: a child's manages nothing; one with a ceiling has its own looks, or it would lift the
//! ceiling; one without has everybody else's too, but not what hides behind somebody's PIN.

/// Somebody of an account, as far as these rules look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Member<'a> {
    pub(crate) id: &'a str,
    pub(crate) kids: bool,
    pub(crate) has_pin: bool,
    pub(crate) maturity: Option<u8>,
}

impl Member<'_> {
    /// Whether there is something this one may not see.
    pub(crate) fn is_limited(&self) -> bool {
        self.kids || self.maturity.is_some()
    }
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act<'a> {
    /// Another profile.
    Create,
    /// Name, face, language, an export of everything.
    Change(Member<'a>),
    /// Ceiling, kids, PIN, the end.
    Govern(Member<'a>),
}

/// Why it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotManaging {
    #[error("a child's profile manages nothing")]
    Kids,
    #[error("a profile with a ceiling does not set ceilings")]
    Limited,
    #[error("another profile's PIN guards this one")]
    Guarded,
}

/// Whether `actor`, `None` for the account as a whole, may do this.
pub(crate) fn may(actor: Option<Member<'_>>, act: Act<'_>) -> Result<(), NotManaging> {
    let Some(actor) = actor else { return Ok(()) };
    if actor.kids {
        return Err(NotManaging::Kids);
    }
    let (subject, governs) = match act {
        Act::Create => (None, true),
        Act::Change(subject) => (Some(subject), false),
        Act::Govern(subject) => (Some(subject), true),
    };
    let is_own = subject.is_some_and(|subject| subject.id == actor.id);
    if is_own && !governs {
        return Ok(());
    }
    if actor.is_limited() {
        return Err(NotManaging::Limited);
    }
    if !is_own && subject.is_some_and(|subject| subject.has_pin) {
        return Err(NotManaging::Guarded);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: Member<'static> = Member { id: "ada", kids: false, has_pin: true, maturity: None };
    const BOB: Member<'static> = Member { id: "bob", kids: false, has_pin: false, maturity: None };
    const TEEN: Member<'static> = Member { id: "teen", kids: false, has_pin: false, maturity: Some(12) };
    const KIM: Member<'static> = Member { id: "kim", kids: true, has_pin: false, maturity: Some(7) };

    #[track_caller]
    fn check(actor: Option<Member<'_>>, act: Act<'_>, expected: Result<(), NotManaging>) {
        assert_eq!(may(actor, act), expected, "{actor:?}, {act:?}");
    }

    #[test]
    fn the_account_as_a_whole_manages_everything() {
        for act in [Act::Create, Act::Change(ADA), Act::Govern(ADA), Act::Govern(KIM)] {
            check(None, act, Ok(()));
        }
    }

    #[test]
    fn a_child_manages_nothing_not_even_itself() {
        for act in [Act::Create, Act::Change(KIM), Act::Govern(KIM), Act::Change(BOB)] {
            check(Some(KIM), act, Err(NotManaging::Kids));
        }
    }

    #[test]
    fn who_has_a_ceiling_changes_its_own_looks_and_nobodys_ceiling() {
        check(Some(TEEN), Act::Change(TEEN), Ok(()));
        for act in [Act::Govern(TEEN), Act::Create, Act::Change(BOB), Act::Govern(KIM)] {
            check(Some(TEEN), act, Err(NotManaging::Limited));
        }
    }

    #[test]
    fn a_pin_keeps_the_others_of_the_house_out() {
        check(Some(BOB), Act::Govern(KIM), Ok(()));
        check(Some(BOB), Act::Create, Ok(()));
        check(Some(BOB), Act::Change(ADA), Err(NotManaging::Guarded));
        check(Some(BOB), Act::Govern(ADA), Err(NotManaging::Guarded));
        check(Some(ADA), Act::Govern(ADA), Ok(()));
    }
}
