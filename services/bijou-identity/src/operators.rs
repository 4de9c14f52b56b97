//! Who may run the platform: accounts whose e-mail address the configuration lists.
//!
//! Addresses are not confirmed by e-mail, so whoever signs up with an operator's address first would be the operator.
//! Therefore an address that is listed cannot sign up any more: first the account, then the list.

use std::collections::HashSet;

use crate::domain::email::{Email, EmailError};
use crate::domain::scope;

pub(crate) struct Operators(HashSet<String>);

impl Operators {
    pub(crate) fn new(addresses: &[String]) -> Result<Self, EmailError> {
        let one_spelling = |address: &String| Email::parse(address).map(|email| email.as_str().to_owned());
        addresses.iter().map(one_spelling).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn contains(&self, email: &str) -> bool {
        self.0.contains(email)
    }

    /// Every scope that sessions of this account may have today.
    pub(crate) fn scopes(&self, email: &str, own: &str) -> Vec<String> {
        let operator = self.contains(email).then_some(scope::OPERATOR);
        own.split(' ').filter(|own| *own != scope::OPERATOR).chain(operator).map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_the_only_way_to_the_scope() {
        let operators = Operators::new(&["Ops@Example.org".to_owned()]).expect("an address");
        assert_eq!(operators.scopes("ops@example.org", "viewer"), ["viewer", "operator"]);
        assert_eq!(operators.scopes("ada@example.org", "viewer operator"), ["viewer"]);
        assert!(Operators::new(&["nobody".to_owned()]).is_err());
    }
}
