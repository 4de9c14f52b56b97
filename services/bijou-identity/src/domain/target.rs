//! Whom a token exchange is to be for (`resource` of RFC 8693, 2.1).

const ACCOUNT: &str = "urn:bijou:account";
const PROFILE: &str = "urn:bijou:profile:";

/// Longest id looked at.
const ID_BYTES_MAX: usize = 64;

/// Whom a token is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target<'a> {
    Account,
    Profile(&'a str),
}

impl<'a> Target<'a> {
    /// Reads `resource`; without one it is the account as a whole. `None`: names nothing we give tokens for.
    pub(crate) fn parse(resource: Option<&'a str>) -> Option<Self> {
        match resource {
            None | Some(ACCOUNT) => Some(Self::Account),
            Some(other) => other.strip_prefix(PROFILE).filter(|id| is_id(id)).map(Self::Profile),
        }
    }

    pub(crate) fn profile(self) -> Option<&'a str> {
        match self {
            Self::Account => None,
            Self::Profile(id) => Some(id),
        }
    }
}

/// What RFC 3986 leaves unreserved: ids are never escaped.
fn is_id(text: &str) -> bool {
    let is_unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    !text.is_empty() && text.len() <= ID_BYTES_MAX && text.bytes().all(is_unreserved)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_account_or_one_of_its_profiles_is_named() {
        assert_eq!(Target::parse(None), Some(Target::Account));
        assert_eq!(Target::parse(Some("urn:bijou:account")), Some(Target::Account));
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(Target::parse(Some(&format!("urn:bijou:profile:{id}"))), Some(Target::Profile(id)));
        for other in
            ["", "urn:bijou:profile:", "urn:bijou:profile:a b", "urn:bijou:title:1", "https://example.org", "kim"]
        {
            assert_eq!(Target::parse(Some(other)), None, "`{other}`");
        }
    }

    proptest! {
        #[test]
        fn what_names_a_profile_names_it_whole(text in "(urn:bijou:(account|profile:?))?.{0,80}") {
            if let Some(Target::Profile(id)) = Target::parse(Some(&text)) {
                prop_assert_eq!(format!("{PROFILE}{id}"), text);
            }
        }
    }
}
