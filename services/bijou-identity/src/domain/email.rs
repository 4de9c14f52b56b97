//! E-mail addresses as names of accounts.
//!
//! One spelling per mailbox: lower case, host name in ASCII form. Dots and `+tags` stay, because whether they matter is
//! each provider's own rule. Local parts beyond ASCII (RFC 6531) are refused for now: two look-alike accounts would be
//! worse than one that has to use another address.

/// An address in its one spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Email(String);

/// Why a text is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EmailError {
    #[error("an address looks like `name@example.org`")]
    Shape,
    #[error("an address has at most 254 characters, 64 of them before the `@`")]
    TooLong,
    #[error("the part before the `@` may hold letters, digits and .!#$%&'*+-/=?^_`{{|}}~")]
    LocalPart,
    #[error("the part after the `@` is no host name")]
    Host,
}

impl Email {
    pub(crate) fn parse(text: &str) -> Result<Self, EmailError> {
        let (local, host) = text.trim().rsplit_once('@').ok_or(EmailError::Shape)?;
        if local.is_empty() || host.is_empty() {
            return Err(EmailError::Shape);
        }
        if local.len() > 64 || host.len() > 253 {
            return Err(EmailError::TooLong);
        }
        let atoms_are_filled = local.split('.').all(|atom| !atom.is_empty());
        if !atoms_are_filled || !local.bytes().all(is_atom_or_dot) {
            return Err(EmailError::LocalPart);
        }
        let Ok(url::Host::Domain(host)) = url::Host::parse(host) else {
            return Err(EmailError::Host);
        };
        // Without a dot it is a host of somebody's network, or a typing error.
        if !host.contains('.') || host.ends_with('.') || host.split('.').any(|label| !is_label(label)) {
            return Err(EmailError::Host);
        }
        let address = format!("{}@{host}", local.to_ascii_lowercase());
        if address.len() > 254 { Err(EmailError::TooLong) } else { Ok(Self(address)) }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`.
    pub(crate) fn local_part(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }
}

/// RFC 5322 `atext`, and the dot between atoms.
fn is_atom_or_dot(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

fn is_label(label: &str) -> bool {
    let inner = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    inner && !label.is_empty() && !label.starts_with('-') && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&str, EmailError>) {
        assert_eq!(Email::parse(text).as_ref().map(Email::as_str), expected.as_ref().copied(), "`{text}`");
    }

    #[test]
    fn one_mailbox_has_one_spelling() {
        check("ada@example.org", Ok("ada@example.org"));
        check("  Ada.L+films@Example.ORG ", Ok("ada.l+films@example.org"));
        check("ada@bücher.example", Ok("ada@xn--bcher-kva.example"));
    }

    #[test]
    fn what_is_no_address_is_said_why() {
        for text in ["", "ada", "@example.org", "ada@"] {
            check(text, Err(EmailError::Shape));
        }
        for text in [
            "a da@example.org",
            "ada@@example.org",
            ".ada@example.org",
            "ada.@example.org",
            "a..b@example.org",
            "adä@example.org",
            "a\0b@example.org",
        ] {
            check(text, Err(EmailError::LocalPart));
        }
        for text in [
            "ada@example",
            "ada@-x.org",
            "ada@exa mple.org",
            "ada@127.0.0.1",
            "ada@[::1]",
            "ada@example.org.",
            "ada@.org",
        ] {
            check(text, Err(EmailError::Host));
        }
        check(&format!("{}@example.org", "a".repeat(65)), Err(EmailError::TooLong));
    }

    proptest! {
        #[test]
        fn a_spelling_is_its_own_spelling(text in ".{0,40}@[a-z0-9.-]{0,20}", other in ".{0,60}") {
            for text in [text, other] {
                if let Ok(email) = Email::parse(&text) {
                    prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
                    prop_assert_eq!(Email::parse(&email.as_str().to_ascii_uppercase()), Ok(email));
                }
            }
        }
    }
}
