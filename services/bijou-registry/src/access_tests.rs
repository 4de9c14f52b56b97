//! Callers, credentials and rules.

use http::{HeaderMap, header};

use super::*;
use crate::settings::AccessRule;

fn rule(callers: &[&str], may: &[Right], apps: &[&str]) -> AccessRule {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    AccessRule { callers: owned(callers), may: may.to_vec(), apps: owned(apps) }
}

fn settings() -> settings::Access {
    let caller = |name: &str, secret: &str| settings::Caller {
        name: name.to_owned(),
        secret: secret.to_owned(),
        ..settings::Caller::default()
    };
    // The digest of `correct horse battery`.
    let digest = "9028ea0d15decaa35b2da21c0290af3b1a5ba0a30a591906f89b5074e209ea72";
    settings::Access {
        callers: vec![caller("orders-team", "orders-secret"), caller("operator", &format!("sha256:{digest}"))],
        rules: vec![
            rule(&["*"], &[Right::Read], &["PUBLIC-*"]),
            rule(&["orders-team"], &[Right::Read, Right::Register], &["orders*"]),
            rule(&["operator"], &[Right::Read, Right::Override], &["*"]),
        ],
    }
}

fn shown(authorization: &str) -> Result<Caller, WrongCredentials> {
    let headers = HeaderMap::from_iter([(header::AUTHORIZATION, authorization.parse().expect("a value"))]);
    Access::new(&settings()).expect("good settings").caller(Fields::Map(&headers), &[]).cloned()
}

fn basic(pair: &str) -> String {
    format!("Basic {}", STANDARD.encode(pair))
}

#[test]
fn a_name_and_secret_or_the_secret_alone_show_who_asks() {
    assert_eq!(&*shown(&basic("orders-team:orders-secret")).expect("known").name, "orders-team");
    assert_eq!(&*shown("Bearer orders-secret").expect("known").name, "orders-team");
    assert_eq!(&*shown("bearer correct horse battery").expect("known").name, "operator");
    for wrong in [
        basic("operator:orders-secret").as_str(),
        &basic("orders-team:"),
        &basic("orders-team"),
        "Basic ???",
        "Bearer orders-secre",
        "Digest orders-secret",
        "orders-secret",
    ] {
        assert_eq!(shown(wrong).map(|caller| caller.name), Err(WrongCredentials), "{wrong}");
    }
}

#[test]
fn a_certificate_shows_who_asks_unless_credentials_do() {
    let mut settings = settings();
    settings.callers[0].secret = String::new();
    settings.callers[0].certificate = "orders.internal".to_owned();
    let access = Access::new(&settings).expect("good settings");
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let nothing = HeaderMap::new();
    let certified = access.caller(Fields::Map(&nothing), &names(&["n7.internal", "Orders.internal"])).expect("known");
    assert_eq!(&*certified.name, "orders-team");
    assert!(certified.may(Right::Register, "ORDERS") && !certified.may(Right::Register, "BASKET"));
    assert!(access.caller(Fields::Map(&nothing), &names(&["other.internal"])).expect("nobody's").is_anonymous());

    let shown = |text: &str| HeaderMap::from_iter([(header::AUTHORIZATION, text.parse().expect("a value"))]);
    let by_secret = access.caller(Fields::Map(&shown("Bearer correct horse battery")), &names(&["orders.internal"]));
    assert_eq!(&*by_secret.expect("known").name, "operator");
    // An empty secret is not one that could be shown.
    for wrong in ["Bearer ", "Basic b3JkZXJzLXRlYW06", "Bearer wrong"] {
        assert!(access.caller(Fields::Map(&shown(wrong)), &names(&["orders.internal"])).is_err(), "{wrong}");
    }
}

#[test]
fn rules_add_up_and_what_none_allows_is_refused() {
    let team = shown("Bearer orders-secret").expect("known");
    assert!(team.may(Right::Register, "ORDERS") && team.may(Right::Register, "ORDERS-V2"));
    assert!(team.may(Right::Read, "ORDERS") && team.may(Right::Read, "PUBLIC-API"));
    assert!(!team.may(Right::Read, "BASKET") && !team.may(Right::Override, "ORDERS"));
    let access = Access::new(&settings()).expect("good settings");
    let nobody = access.caller(Fields::Map(&HeaderMap::new()), &[]).expect("nothing shown");
    assert!(nobody.is_anonymous() && nobody.may(Right::Read, "PUBLIC-API") && !nobody.may(Right::Read, "ORDERS"));
    assert!(nobody.apps(Right::Register).is_none());
}

#[test]
fn without_rules_of_ones_own_everybody_may_do_everything() {
    let open = Access::new(&settings::Access::default()).expect("good settings");
    let anybody = open.caller(Fields::Map(&HeaderMap::new()), &[]).expect("nothing shown");
    for right in [Right::Read, Right::Register, Right::Override, Right::Replicate] {
        assert!(anybody.apps(right).is_all());
    }
}

#[test]
fn what_cannot_be_meant_is_refused_by_name() {
    let mut short = settings();
    short.callers[0].secret = "short".to_owned();
    let mut digest = settings();
    digest.callers[0].secret = "sha256:12".to_owned();
    let mut twice = settings();
    twice.callers[1].name = "orders-team".to_owned();
    let mut colon = settings();
    colon.callers[0].name = "a:b".to_owned();
    let mut unknown = settings();
    unknown.rules[1].callers = vec!["nobody".to_owned()];
    let mut nothing = settings();
    nothing.callers[0].secret = String::new();
    let mut certificates = settings();
    certificates.callers.iter_mut().for_each(|caller| caller.certificate = "one.test".to_owned());
    for (settings, expected) in [
        (short, "orders-team"),
        (digest, "sha256"),
        (twice, "twice"),
        (colon, "a:b"),
        (unknown, "nobody"),
        (nothing, "neither a secret nor a certificate"),
        (certificates, "one.test"),
    ] {
        let error = Access::new(&settings).map(|_| ()).expect_err(expected).to_string();
        assert!(error.contains(expected) && !error.contains("short"), "{error}");
    }
}
