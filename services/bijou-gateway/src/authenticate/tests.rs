//! Tokens good and bad, against a key set made on the spot.

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::*;

fn settings() -> Tokens {
    Tokens {
        application: "IDENTITY".into(),
        keys_path: "/".into(),
        audience: "bijou".into(),
        issuer: String::new(),
        refresh_ms: 1,
        cached_max: 10,
    }
}

/// One key pair for the whole run.
fn key() -> EncodingKey {
    static KEY: OnceLock<Vec<u8>> = OnceLock::new();
    let der = KEY.get_or_init(|| {
        let key = ed25519_dalek::SigningKey::generate(&mut rand::rng());
        // The fixed head of an Ed25519 private key in PKCS#8 (RFC 8410, section 7), then the seed.
        let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        [&head[..], key.as_bytes()].concat()
    });
    EncodingKey::from_ed_der(der)
}

fn keys() -> KeySet {
    let mut jwk = Jwk::from_encoding_key(&key(), Algorithm::EdDSA).expect("a public half");
    jwk.common.key_id = Some("k1".into());
    KeySet::of(1, [JwkSet { keys: vec![jwk] }])
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

fn claims() -> Value {
    json!({"sub": "acc-1", "aud": "bijou", "iss": "bijou", "exp": now() + 600, "sid": "s-1", "scope": "viewer operator"})
}

fn header() -> Header {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TOKEN_TYPE.into());
    header.kid = Some("k1".into());
    header
}

fn token(header: &Header, claims: &Value) -> String {
    encode(header, claims, &key()).expect("a token")
}

fn changed(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

#[track_caller]
fn check_refused(token: &str, expected_code: &str) {
    match check(token, &keys(), &settings()) {
        TokenCheck::Refused(failure) => assert_eq!(failure.code(), expected_code),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_good_token_names_account_session_and_scopes() {
    let TokenCheck::Valid(identity) = check(&token(&header(), &claims()), &keys(), &settings()) else {
        panic!("refused")
    };
    assert_eq!((identity.account.as_deref(), identity.session.as_deref()), (Some("acc-1"), Some("s-1")));
    assert!(identity.has_scope("operator") && !identity.has_scope("partner"));
}

#[test]
fn a_client_on_its_own_has_no_account() {
    let claims = changed("client_id", json!("acc-1"));
    let TokenCheck::Valid(identity) = check(&token(&header(), &claims), &keys(), &settings()) else {
        panic!("refused")
    };
    assert_eq!((identity.account.as_deref(), identity.subject.as_str()), (None, "acc-1"));
}

#[test]
fn expired_foreign_and_untimely_tokens_are_refused() {
    check_refused(&token(&header(), &changed("exp", json!(now() - 60))), "token-expired");
    check_refused(&token(&header(), &changed("aud", json!("others"))), "token-invalid");
    check_refused(&token(&header(), &changed("aud", Value::Null)), "token-invalid");
    check_refused(&token(&header(), &changed("nbf", json!(now() + 60))), "token-invalid");
    check_refused(&token(&header(), &changed("exp", json!("never"))), "token-invalid");
    check_refused("no token", "token-invalid");
    check_refused(&"a.".repeat(4_000), "token-invalid");
}

#[test]
fn other_kinds_of_tokens_are_no_access_tokens() {
    let mut passport = header();
    passport.typ = Some("passport+jwt".into());
    check_refused(&token(&passport, &claims()), "token-invalid");
    let mut untyped = header();
    untyped.typ = None;
    check_refused(&token(&untyped, &claims()), "token-invalid");
}

#[test]
fn no_algorithm_and_another_one_than_the_keys_are_refused() {
    let good = token(&header(), &claims());
    let body = good.split('.').nth(1).expect("a token has three parts");
    for alg in ["none", "None", "HS256", "ES256"] {
        let head = URL_SAFE_NO_PAD.encode(json!({"alg": alg, "typ": TOKEN_TYPE, "kid": "k1"}).to_string());
        check_refused(&format!("{head}.{body}."), "token-invalid");
        check_refused(&format!("{head}.{body}.{}", good.rsplit('.').next().unwrap_or_default()), "token-invalid");
    }
}

#[test]
fn a_changed_body_or_signature_is_refused() {
    let good = token(&header(), &claims());
    let parts: Vec<&str> = good.split('.').collect();
    let other = URL_SAFE_NO_PAD.encode(changed("sub", json!("acc-2")).to_string());
    check_refused(&format!("{}.{other}.{}", parts[0], parts[2]), "token-invalid");
    check_refused(&format!("{}.{}.{}", parts[0], parts[1], "A".repeat(86)), "token-invalid");
}

#[test]
fn an_unknown_key_is_worth_asking_for() {
    let mut header = header();
    header.kid = Some("k2".into());
    assert!(
        matches!(check(&token(&header, &claims()), &keys(), &settings()), TokenCheck::UnknownKey { kid } if kid == "k2")
    );
}

#[test]
fn a_known_token_ends_with_its_time_and_with_its_key() {
    let cache = TokenCache::new(10);
    let (keys, token) = (keys(), token(&header(), &claims()));
    let TokenCheck::Valid(identity) = check(&token, &keys, &settings()) else { panic!("refused") };
    cache.insert(identity);
    assert!(matches!(cache.find(&token, &keys, now()), Some(Ok(_))));
    assert!(matches!(cache.find(&token, &keys, now() + 700), Some(Err(_))));
    let (signed, signature) = token.rsplit_once('.').expect("a token has three parts");
    assert!(cache.find(&format!("{signed}A.{signature}"), &keys, now()).is_none(), "the signature alone is not enough");
    let TokenCheck::Valid(identity) = check(&token, &keys, &settings()) else { panic!("refused") };
    cache.insert(identity);
    let without = KeySet::of(2, []);
    assert!(cache.find(&token, &without, now()).is_none());
}

#[test]
fn the_cache_stays_bounded_and_keeps_what_is_used() {
    let cache = TokenCache::new(10);
    let keys = keys();
    let first = token(&header(), &claims());
    for n in 0..100 {
        let token = if n == 0 { first.clone() } else { token(&header(), &changed("sid", json!(n.to_string()))) };
        let TokenCheck::Valid(identity) = check(&token, &keys, &settings()) else { panic!("refused") };
        cache.insert(identity);
        assert!(cache.find(&first, &keys, now()).is_some(), "the token in use was forgotten after {n}");
        assert!(cache.len() <= 12);
    }
}

/// Somebody with these scopes: for tests of what comes behind.
pub(crate) fn identity(account: Option<&str>, scopes: &[&str]) -> Identity {
    Identity {
        account: account.map(str::to_owned),
        subject: account.unwrap_or("client-1").to_owned(),
        session: None,
        device: None,
        profile: None,
        maturity: None,
        kids: false,
        territory: None,
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        aal: 1,
        expires: u64::MAX,
        passports: IssuedPassports::default(),
        token: "".into(),
        kid: String::new(),
        keys_generation: 0,
    }
}
