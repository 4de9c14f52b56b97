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
        match decide(route.access, &route.scopes, transit.identity()) {
            Ok(()) => Step::CONTINUE,
            Err(failure) => Step::answer(failure),
        }
    }
}

fn decide(access: Access, scopes: &[String], identity: Option<&Identity>) -> Result<(), Failure> {
    let forbidden = |needs: &str| Err(Failure::Forbidden { needs: needs.to_owned() });
    let Some(identity) = identity else {
        return if access == Access::Public && scopes.is_empty() { Ok(()) } else { Err(Failure::TokenMissing) };
    };
    match access {
        Access::SignedIn if identity.account.is_none() => return forbidden("an account"),
        Access::Operator if !identity.has_scope("operator") => return forbidden("the scope `operator`"),
        Access::Partner if !identity.has_scope("partner") => return forbidden("the scope `partner`"),
        Access::Public | Access::SignedIn | Access::Operator | Access::Partner => {}
    }
    match scopes.iter().find(|scope| !identity.has_scope(scope)) {
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
        let status = decide(access, &needed, identity).map_or_else(|failure| failure.status().as_u16(), |()| 200);
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
