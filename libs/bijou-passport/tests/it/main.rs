//! Passports from both ends: what one application signs another one accepts, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bijou_passport::{
    Claims, GATEWAY, KeyFuture, KeySource, KeySourceError, LEEWAY, LIFETIME, PublicKey, Signer, StaticKeys, Verifier,
    VerifyError,
};
use proptest::prelude::*;

/// A gateway whose keys are published, and a catalog that accepts passports.
struct World {
    gateway: Signer,
    keys: Arc<StaticKeys>,
    catalog: Verifier,
    now: SystemTime,
}

fn world() -> World {
    let gateway = Signer::generate(GATEWAY);
    let keys = Arc::new(StaticKeys::new());
    keys.add(GATEWAY, gateway.public_key().clone());
    World {
        catalog: Verifier::new("CATALOG", Arc::clone(&keys) as Arc<dyn KeySource>),
        gateway,
        keys,
        now: UNIX_EPOCH + Duration::from_hours(500_000),
    }
}

impl World {
    fn verify(&self, token: &str) -> Result<Claims, VerifyError> {
        self.verify_at(token, self.now)
    }

    fn verify_at(&self, token: &str, now: SystemTime) -> Result<Claims, VerifyError> {
        let verified = block_on(self.catalog.verify(token, now))?;
        assert_eq!(verified.token(), token);
        Ok(verified.claims.clone())
    }

    #[track_caller]
    fn check_refused(&self, token: &str, expected_code: &str) {
        let error = self.verify(token).expect_err("it was accepted");
        assert_eq!(error.code(), expected_code, "{error}");
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(future)
}

/// Replaces one of the three parts.
fn with_part(token: &str, index: usize, part: &str) -> String {
    let mut parts: Vec<&str> = token.split('.').collect();
    parts[index] = part;
    parts.join(".")
}

fn encoded(json: &serde_json::Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

#[test]
fn a_passport_for_several_services_is_accepted_by_each_and_by_no_other() {
    let world = world();
    let token = world.gateway.issue(&Claims::account("acc-1", ["CATALOG", "PLAYBACK"]), world.now);
    assert_eq!(world.verify(&token).expect("is in the audience").account.as_deref(), Some("acc-1"));
    let playback = Verifier::new("PLAYBACK", Arc::clone(&world.keys) as Arc<dyn KeySource>);
    assert!(block_on(playback.verify(&token, world.now)).is_ok());
    let identity = Verifier::new("IDENTITY", Arc::clone(&world.keys) as Arc<dyn KeySource>);
    let error = block_on(identity.verify(&token, world.now)).expect_err("is not in the audience");
    assert_eq!(error.code(), "passport-wrong-audience");
}

#[test]
fn a_passport_lives_a_minute_and_the_leeway() {
    let world = world();
    let token = world.gateway.issue(&Claims::anonymous(["CATALOG"]), world.now);
    let end = world.now + LIFETIME + LEEWAY;
    assert!(world.verify_at(&token, end - Duration::from_secs(1)).is_ok());
    let error = world.verify_at(&token, end).expect_err("from the cache too");
    assert_eq!(error.code(), "passport-expired");
    assert!(world.verify_at(&token, world.now - LEEWAY).is_ok());
    let error = world.verify_at(&token, world.now - LEEWAY - Duration::from_secs(1)).expect_err("from the future");
    assert!(matches!(error, VerifyError::NotYetValid));
}

#[test]
fn an_expired_passport_causes_no_fetch() {
    let world = world();
    let token = Signer::generate(GATEWAY).issue(&Claims::anonymous(["CATALOG"]), world.now - Duration::from_mins(10));
    world.check_refused(&token, "passport-expired");
    assert_eq!(world.keys.asked(), 0);
}

#[test]
fn a_signature_of_another_key_is_a_forgery() {
    let world = world();
    let genuine = world.gateway.issue(&Claims::account("acc-1", ["CATALOG"]), world.now);
    let forged = Signer::generate(GATEWAY).issue(&Claims::account("acc-1", ["CATALOG"]), world.now);
    // With its own key's name, with the genuine key's name, and with a genuine signature over other claims.
    world.check_refused(&forged, "passport-invalid");
    let header = genuine.split('.').next().expect("a header");
    world.check_refused(&with_part(&forged, 0, header), "passport-invalid");
    let other = world.gateway.issue(&Claims::account("acc-2", ["CATALOG"]), world.now);
    let claims = other.split('.').nth(1).expect("claims");
    world.check_refused(&with_part(&genuine, 1, claims), "passport-invalid");
}

#[test]
fn a_service_cannot_speak_for_people_or_for_another_service() {
    let world = world();
    let playback = Signer::generate("PLAYBACK");
    world.keys.add("PLAYBACK", playback.public_key().clone());
    let own = playback.issue(&Claims::service("playback", ["CATALOG"]), world.now);
    assert_eq!(world.verify(&own).expect("for itself").sub, "service:playback");
    for claims in [
        Claims::account("acc-1", ["CATALOG"]),
        Claims::anonymous(["CATALOG"]),
        Claims::service("identity", ["CATALOG"]),
    ] {
        world.check_refused(&playback.issue(&claims, world.now), "passport-invalid");
    }
    let gateway_as_service = world.gateway.issue(&Claims::service("identity", ["CATALOG"]), world.now);
    world.check_refused(&gateway_as_service, "passport-invalid");
}

#[test]
fn a_service_cannot_slip_an_account_into_its_own_passport() {
    let world = world();
    let playback = Signer::generate("PLAYBACK");
    world.keys.add("PLAYBACK", playback.public_key().clone());
    let claims = Claims { account: Some("acc-1".into()), ..Claims::service("playback", ["CATALOG"]) };
    world.check_refused(&playback.issue(&claims, world.now), "passport-invalid");
}

#[test]
fn a_header_that_is_not_exactly_a_passports_is_refused() {
    let world = world();
    let token = world.gateway.issue(&Claims::anonymous(["CATALOG"]), world.now);
    let kid = world.gateway.public_key().kid();
    for header in [
        serde_json::json!({ "alg": "none", "typ": "passport+jwt", "kid": kid }),
        serde_json::json!({ "alg": "HS256", "typ": "passport+jwt", "kid": kid }),
        serde_json::json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": kid }),
        serde_json::json!({ "alg": "EdDSA", "typ": "passport+jwt" }),
        serde_json::json!({ "alg": "EdDSA", "typ": "passport+jwt", "kid": kid, "crit": ["b64"] }),
    ] {
        world.check_refused(&with_part(&token, 0, &encoded(&header)), "passport-invalid");
    }
    for token in
        ["", ".", "..", "a.b", "a.b.c", &token.replace('.', ""), &format!("{token}.{token}"), &"x".repeat(9_000)]
    {
        world.check_refused(token, "passport-invalid");
    }
}

#[test]
fn a_new_instance_of_the_gateway_is_believed_at_its_first_passport() {
    let world = world();
    let restarted = Signer::generate(GATEWAY);
    world.keys.add(GATEWAY, restarted.public_key().clone());
    let token = restarted.issue(&Claims::anonymous(["CATALOG"]), world.now);
    assert!(world.verify(&token).is_ok());
    assert_eq!(world.keys.asked(), 1);
}

#[test]
fn forgers_cannot_make_a_service_fetch_keys_without_end() {
    let world = world();
    for _ in 0..100 {
        let forged = Signer::generate(GATEWAY).issue(&Claims::anonymous(["CATALOG"]), world.now);
        world.check_refused(&forged, "passport-invalid");
    }
    assert_eq!(world.keys.asked(), 3);
    // And a genuine new key is fetched as soon as the pace allows.
    let restarted = Signer::generate(GATEWAY);
    world.keys.add(GATEWAY, restarted.public_key().clone());
    let later = world.now + Duration::from_secs(2);
    assert!(world.verify_at(&restarted.issue(&Claims::anonymous(["CATALOG"]), later), later).is_ok());
}

#[test]
fn invented_issuers_are_bounded() {
    let world = world();
    for n in 0..200 {
        let role = format!("invented{n}");
        let token = Signer::generate(&role.to_uppercase()).issue(&Claims::service(&role, ["CATALOG"]), world.now);
        world.check_refused(&token, "passport-invalid");
    }
    assert!(world.keys.asked() <= 64, "asked {} times", world.keys.asked());
}

#[test]
fn requests_that_arrive_during_a_fetch_wait_for_it() {
    struct Slow(Signer, std::sync::atomic::AtomicUsize);
    impl KeySource for Slow {
        fn keys<'a>(&'a self, _: &'a str) -> KeyFuture<'a> {
            self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Box::pin(async {
                tokio::task::yield_now().await;
                Ok(vec![self.0.public_key().clone()])
            })
        }
    }
    let source = Arc::new(Slow(Signer::generate(GATEWAY), 0.into()));
    let verifier = Arc::new(Verifier::new("CATALOG", Arc::clone(&source) as Arc<dyn KeySource>));
    let now = SystemTime::now();
    block_on(async {
        let tasks: Vec<_> = (0..50)
            .map(|n| {
                let token = source.0.issue(&Claims::account(format!("acc-{n}"), ["CATALOG"]), now);
                let verifier = Arc::clone(&verifier);
                tokio::spawn(
                    async move { verifier.verify(&token, now).await.map(|passport| passport.claims.sub.clone()) },
                )
            })
            .collect();
        for (n, task) in tasks.into_iter().enumerate() {
            assert_eq!(task.await.expect("no panic").expect("verified"), format!("acc-{n}"));
        }
    });
    assert_eq!(source.1.load(std::sync::atomic::Ordering::Relaxed), 1);
}

#[test]
fn keys_that_cannot_be_fetched_are_not_the_callers_forgery() {
    struct Away;
    impl KeySource for Away {
        fn keys<'a>(&'a self, _: &'a str) -> KeyFuture<'a> {
            Box::pin(std::future::ready(Err(KeySourceError::new("nobody there"))))
        }
    }
    let now = SystemTime::now();
    let token = Signer::generate(GATEWAY).issue(&Claims::anonymous(["CATALOG"]), now);
    let error = block_on(Verifier::new("CATALOG", Arc::new(Away)).verify(&token, now)).expect_err("no keys");
    assert!(matches!(error, VerifyError::KeysUnavailable { .. }), "{error}");
}

/// An independent reader agrees that this is a JWT, with claims of the registered names.
#[test]
fn another_jwt_library_reads_and_verifies_our_passports() {
    let signer = Signer::generate(GATEWAY);
    let now = SystemTime::now();
    let token = signer.issue(&Claims::account("acc-1", ["CATALOG"]), now);
    let set: jsonwebtoken::jwk::JwkSet = serde_json::from_value(signer.jwks()).expect("a key set");
    let header = jsonwebtoken::decode_header(&token).expect("a header");
    assert_eq!(header.typ.as_deref(), Some("passport+jwt"));
    let jwk = set.find(header.kid.as_deref().expect("a kid")).expect("the named key is published");
    let mut validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::EdDSA);
    validation.set_audience(&["CATALOG"]);
    validation.set_issuer(&[GATEWAY]);
    let key = jsonwebtoken::DecodingKey::from_jwk(jwk).expect("a usable key");
    let read = jsonwebtoken::decode::<BTreeMap<String, serde_json::Value>>(&token, &key, &validation).expect("valid");
    assert_eq!(read.claims["sub"], "acc-1");
    assert_eq!(read.claims["exp"].as_u64().map(|exp| exp - read.claims["iat"].as_u64().expect("iat")), Some(60));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z0-9-]{1,40}", ".{0,40}"]
}

prop_compose! {
    fn claims()(
        account in text().prop_filter("services are another matter", |text| !text.is_empty() && !text.starts_with("service:")),
        signed_in: bool,
        others in prop::collection::vec("[A-Z]{1,20}", 0..5),
        session in prop::option::of(text()),
        territory in prop::option::of("[A-Z]{2}"),
        maturity in prop::option::of(any::<u8>()),
        scopes in prop::collection::vec(text(), 0..5),
        aal in 0_u8..3,
    ) -> Claims {
        let audience = others.into_iter().chain(["CATALOG".to_owned()]);
        let base = if signed_in { Claims::account(account, audience) } else { Claims::anonymous(audience) };
        Claims { session, territory, maturity, scopes, aal, ..base }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_signed_is_what_is_read(claims in claims()) {
        let world = world();
        let token = world.gateway.issue(&claims, world.now);
        let read = world.verify(&token).expect("genuine");
        let iat = world.now.duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        prop_assert_eq!(read, Claims { iss: GATEWAY.into(), iat, exp: iat + 60, ..claims });
    }

    #[test]
    fn no_single_changed_character_goes_unnoticed(claims in claims(), at: prop::sample::Index, to in "[A-Za-z0-9_.-]") {
        let world = world();
        let token = world.gateway.issue(&claims, world.now);
        let at = at.index(token.len());
        prop_assume!(token[at..=at] != to);
        let changed = format!("{}{to}{}", &token[..at], &token[at + 1..]);
        prop_assert!(world.verify(&changed).is_err(), "{} was accepted", changed);
    }

    #[test]
    fn no_text_makes_the_verifier_panic(token in ".{0,300}", bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let world = world();
        prop_assert!(world.verify(&token).is_err());
        let part = URL_SAFE_NO_PAD.encode(&bytes);
        let three_parts = [part.as_str(); 3].join(".");
        prop_assert!(world.verify(&three_parts).is_err());
        let _ = PublicKey::read_set(&bytes);
    }
}
