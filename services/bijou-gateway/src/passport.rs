//! Passports: the identity the gateway vouches for, minted once and used for half their life.
//!
//! Signing costs some twenty microseconds, so a passport is remembered with the identity it was made for (or, for those
//! who are not signed in, with the route) and renewed when it has half its life left: whoever gets it can still use it
//! for longer than any request may take.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::SystemTime;

use bijou_passport::{Claims, LIFETIME};
use http::HeaderValue;

use crate::authenticate::Identity;
use crate::filter::{InboundFilter, Step};
use crate::transit::Transit;

/// Passports remembered per identity: one per audience, and there are few of those.
const AUDIENCES_MAX: usize = 16;

/// Passports made for one identity, by audience.
#[derive(Debug, Default)]
pub(crate) struct IssuedPassports(RefCell<Vec<Issued>>);

/// Passports of those who are not signed in.
pub(crate) type PassportDesk = IssuedPassports;

#[derive(Debug)]
struct Issued {
    audience: Arc<[String]>,
    token: HeaderValue,
    renew_ms: u64,
}

impl IssuedPassports {
    /// The remembered passport for an audience, or a new one.
    fn get(&self, audience: &Arc<[String]>, now_ms: u64, make: impl FnOnce() -> HeaderValue) -> HeaderValue {
        let mut issued = self.0.borrow_mut();
        if let Some(known) = issued.iter().find(|one| Arc::ptr_eq(&one.audience, audience))
            && now_ms < known.renew_ms
        {
            return known.token.clone();
        }
        let token = make();
        // Those of routes before a reload are never asked for again; they go as they age.
        issued.retain(|one| now_ms < one.renew_ms && !Arc::ptr_eq(&one.audience, audience));
        if issued.len() >= AUDIENCES_MAX {
            issued.remove(0);
        }
        let renew_ms = now_ms + (LIFETIME / 2).as_millis() as u64;
        issued.push(Issued { audience: Arc::clone(audience), token: token.clone(), renew_ms });
        token
    }
}

/// What the gateway vouches for. `territory` is that of requests whose token names none.
fn claims(identity: Option<&Identity>, audience: &[String], territory: &str) -> Claims {
    let known = identity.and_then(|identity| identity.territory.as_deref()).unwrap_or(territory);
    let territory = (!known.is_empty()).then(|| known.to_owned());
    let Some(identity) = identity else { return Claims { territory, ..Claims::anonymous(audience) } };
    let mut claims = match &identity.account {
        Some(account) => Claims::account(account, audience),
        None => Claims { sub: identity.subject.clone(), aud: audience.to_vec(), ..Claims::default() },
    };
    claims.session.clone_from(&identity.session);
    claims.device.clone_from(&identity.device);
    claims.profile.clone_from(&identity.profile);
    claims.maturity = identity.maturity;
    claims.kids = identity.kids;
    claims.territory = territory;
    claims.scopes.clone_from(&identity.scopes);
    claims.aal = identity.aal;
    claims
}

/// The filter: puts the passport on the request.
#[derive(Debug)]
pub(crate) struct MintPassport;

impl InboundFilter for MintPassport {
    fn name(&self) -> &'static str {
        "passport"
    }

    fn inbound<'a>(&'a self, transit: &'a mut Transit) -> Step<'a> {
        let Some(audience) = transit.route().map(|route| Arc::clone(&route.audience)) else { return Step::CONTINUE };
        // A foreign service that is no application of ours gets none: it could use it on one that is.
        if audience.is_empty() {
            return Step::CONTINUE;
        }
        let worker = &transit.worker;
        let identity = transit.identity.as_deref();
        let issued = identity.map_or(&worker.passports, |identity| &identity.passports);
        let passport = issued.get(&audience, worker.unix_ms(), || {
            worker.stats().passports_signed.add(1);
            let claims = claims(identity, &audience, &transit.active.config().territory);
            let mut value = HeaderValue::try_from(worker.shared.signer.issue(&claims, SystemTime::now()))
                .expect("a compact JWT is letters, digits, `-`, `_` and dots");
            value.set_sensitive(true);
            value
        });
        transit.passport = Some(passport);
        Step::CONTINUE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authenticate::tests::identity;

    #[test]
    fn a_passport_is_used_for_half_its_life_and_per_audience() {
        let issued = IssuedPassports::default();
        let (catalog, playback): (Arc<[String]>, Arc<[String]>) =
            (["CATALOG".to_owned()].into(), ["PLAYBACK".to_owned()].into());
        let get = |audience, now_ms, name| issued.get(audience, now_ms, || HeaderValue::from_static(name));
        assert_eq!(get(&catalog, 0, "a"), "a");
        assert_eq!(get(&catalog, 29_999, "b"), "a");
        assert_eq!(get(&playback, 29_999, "c"), "c");
        assert_eq!(get(&catalog, 30_000, "d"), "d");
    }

    #[test]
    fn what_the_token_says_of_its_profile_is_vouched_for() {
        let mut kim = identity(Some("acc-1"), &["viewer"]);
        kim.profile = Some("kim".to_owned());
        kim.maturity = Some(6);
        kim.kids = true;
        let audience = ["CATALOG".to_owned()];
        let vouched = claims(Some(&kim), &audience, "US");
        assert_eq!((vouched.profile.as_deref(), vouched.maturity, vouched.kids), (Some("kim"), Some(6), true));
        assert_eq!(vouched.territory.as_deref(), Some("US"));
        kim.territory = Some("DE".to_owned());
        assert_eq!(claims(Some(&kim), &audience, "US").territory.as_deref(), Some("DE"));
        let anonymous = claims(None, &audience, "FR");
        assert_eq!((anonymous.territory.as_deref(), anonymous.maturity), (Some("FR"), None));
        assert_eq!(claims(None, &audience, "").territory, None);
    }

    #[test]
    fn reloads_do_not_pile_up_passports() {
        let issued = IssuedPassports::default();
        for _ in 0..100 {
            issued.get(&["CATALOG".to_owned()].into(), 0, || HeaderValue::from_static("a"));
        }
        assert!(issued.0.borrow().len() <= AUDIENCES_MAX);
    }
}
