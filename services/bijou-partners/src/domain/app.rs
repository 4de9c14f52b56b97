//! Apps: who calls, how far they have come, how much they may ask.

/// How far an app has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Everybody begins here, at once.
    Sandbox,
    /// Its owner asks for production; an operator has to look.
    Requested,
    Production,
    /// An operator stopped it: none of its keys work.
    Suspended,
}

impl Stage {
    const ALL: [Self; 4] = [Self::Sandbox, Self::Requested, Self::Production, Self::Suspended];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Requested => "requested",
            Self::Production => "production",
            Self::Suspended => "suspended",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text)
    }

    /// What the store says; an unknown word is the least there is.
    pub(crate) fn of(text: &str) -> Self {
        Self::parse(text).unwrap_or(Self::Suspended)
    }
}

/// What a step from one stage to another would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Approve,
    Decline,
    Suspend,
    Resume,
}

/// Where an operator's decision leads, `None` where it makes no sense.
pub(crate) fn decide(stage: Stage, decision: Decision) -> Option<Stage> {
    match (stage, decision) {
        (Stage::Requested | Stage::Sandbox, Decision::Approve) => Some(Stage::Production),
        (Stage::Requested, Decision::Decline) | (Stage::Suspended, Decision::Resume) => Some(Stage::Sandbox),
        (Stage::Sandbox | Stage::Requested | Stage::Production, Decision::Suspend) => Some(Stage::Suspended),
        _ => None,
    }
}

/// Whom an app may sign in on a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignsIn {
    Anybody,
    /// Its developer only: who tries an app out needs nobody's leave, and nobody else's account is at stake.
    ItsDeveloper,
    Nobody,
}

/// What an app's stage allows.
pub(crate) fn signs_in(stage: Stage) -> SignsIn {
    match stage {
        Stage::Production => SignsIn::Anybody,
        Stage::Sandbox | Stage::Requested => SignsIn::ItsDeveloper,
        Stage::Suspended => SignsIn::Nobody,
    }
}

/// A name as people give one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name(String);

impl Name {
    const LETTERS_MAX: usize = 80;

    /// Blanks around it go; `None` when nothing or too much is left, or what cannot be seen is in it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_fine =
            !text.is_empty() && text.chars().count() <= Self::LETTERS_MAX && !text.chars().any(char::is_control);
        is_fine.then(|| Self(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(stage: Stage, decision: Decision, expected: Option<Stage>) {
        assert_eq!(decide(stage, decision), expected);
    }

    #[test]
    fn operators_decide_what_can_be_decided() {
        check(Stage::Requested, Decision::Approve, Some(Stage::Production));
        check(Stage::Requested, Decision::Decline, Some(Stage::Sandbox));
        check(Stage::Production, Decision::Approve, None);
        check(Stage::Production, Decision::Suspend, Some(Stage::Suspended));
        check(Stage::Suspended, Decision::Suspend, None);
        check(Stage::Suspended, Decision::Resume, Some(Stage::Sandbox));
        check(Stage::Sandbox, Decision::Resume, None);
    }

    #[test]
    fn an_app_signs_in_anybody_only_in_production() {
        let found = Stage::ALL.map(signs_in);
        assert_eq!(found, [SignsIn::ItsDeveloper, SignsIn::ItsDeveloper, SignsIn::Anybody, SignsIn::Nobody]);
    }

    #[test]
    fn what_the_store_cannot_say_opens_nothing() {
        assert_eq!(Stage::of("golden"), Stage::Suspended);
        for stage in Stage::ALL {
            assert_eq!(Stage::of(stage.as_str()), stage);
        }
    }

    #[test]
    fn names_can_be_seen() {
        assert_eq!(Name::parse("  Lantern TV ").as_ref().map(Name::as_str), Some("Lantern TV"));
        assert_eq!(Name::parse(" \t "), None);
        assert_eq!(Name::parse("a\u{7}b"), None);
        assert_eq!(Name::parse(&"x".repeat(81)), None);
    }
}
