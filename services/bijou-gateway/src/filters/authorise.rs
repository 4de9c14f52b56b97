//! Whether whoever is asking may use the route: its access level and scopes.

use crate::authenticate::Identity;
use crate::config::Access;
use crate::failure::Failure;
use crate::filter::{InboundFilter, Step};
use crate::transit::Transit;

#[derive(Debug)]
pub(super) struct Authorise;

impl InboundFilter for Authorise {
    fn name(&self) -> &'static str {
        "authorise"
    }

    fn inbound<'a>(&'a self, transit: &'a mut Transit) -> Step<'a> {
        let Some(route) = transit.route() else { return Step::CONTINUE };
        match decide(route.access, &route.scopes, transit.identity().map(Asking::of)) {
            Ok(()) => Step::CONTINUE,
            Err(failure) => Step::answer(failure),
        }
    }
}

/// Who is asking, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asking<'a> {
    pub(crate) has_account: bool,
    pub(crate) scopes: &'a [String],
}

impl<'a> Asking<'a> {
    fn of(identity: &'a Identity) -> Self {
        Self { has_account: identity.account.is_some(), scopes: &identity.scopes }
    }

    fn has_scope(self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

/// Whether they may; `None` is nobody.
pub(crate) fn decide(access: Access, scopes: &[String], asking: Option<Asking<'_>>) -> Result<(), Failure> {
    let forbidden = |needs: &str| Err(Failure::Forbidden { needs: needs.to_owned() });
    let Some(asking) = asking else {
        return if access == Access::Public && scopes.is_empty() { Ok(()) } else { Err(Failure::TokenMissing) };
    };
    match access {
        Access::SignedIn if !asking.has_account => return forbidden("an account"),
        Access::Operator if !asking.has_scope("operator") => return forbidden("the scope `operator`"),
        Access::Partner if !asking.has_scope("partner") => return forbidden("the scope `partner`"),
        Access::Public | Access::SignedIn | Access::Operator | Access::Partner => {}
    }
    match scopes.iter().find(|scope| !asking.has_scope(scope)) {
        Some(missing) => forbidden(&format!("the scope `{missing}`")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authenticate::tests::identity;

    #[track_caller]
    fn check(access: Access, needed: &[&str], identity: Option<&Identity>, expected: u16) {
        let needed: Vec<String> = needed.iter().map(|&scope| scope.to_owned()).collect();
        let status = decide(access, &needed, identity.map(Asking::of))
            .map_or_else(|failure| failure.status().as_u16(), |()| 200);
        assert_eq!(status, expected, "{access:?} with {needed:?}");
    }

    #[test]
    fn strangers_only_get_what_is_public() {
        check(Access::Public, &[], None, 200);
        for access in [Access::SignedIn, Access::Operator, Access::Partner] {
            check(access, &[], None, 401);
        }
        check(Access::Public, &["beta"], None, 401);
    }

    #[test]
    fn levels_need_their_scopes() {
        let viewer = identity(Some("acc-1"), &["viewer"]);
        let operator = identity(Some("acc-2"), &["viewer", "operator"]);
        let partner = identity(None, &["partner"]);
        check(Access::SignedIn, &[], Some(&viewer), 200);
        check(Access::SignedIn, &[], Some(&partner), 403);
        check(Access::Operator, &[], Some(&viewer), 403);
        check(Access::Operator, &[], Some(&operator), 200);
        check(Access::Partner, &[], Some(&operator), 403);
        check(Access::Partner, &[], Some(&partner), 200);
        check(Access::SignedIn, &["operator"], Some(&viewer), 403);
    }
}
