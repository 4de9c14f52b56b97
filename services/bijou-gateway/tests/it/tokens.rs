//! Access tokens against a real key set that changes.

use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::support::{Call, Origin, Platform, call, config, wait_for};

/// An identity service that has keys and publishes some of them.
pub struct Identity {
    pub origin: Origin,
    published: Arc<Mutex<Vec<Value>>>,
}

/// A key that signs tokens.
pub struct Key {
    kid: String,
    pair: SigningKey,
}

impl Key {
    pub fn new(kid: &str) -> Self {
        Self { kid: kid.to_owned(), pair: SigningKey::generate(&mut rand::rng()) }
    }

    fn jwk(&self) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.pair.verifying_key().as_bytes());
        json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.kid, "x": x })
    }

    fn sign(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".into());
        header.kid = Some(self.kid.clone());
        // The fixed head of an Ed25519 private key in PKCS#8 (RFC 8410, section 7), then the seed.
        let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        let der = [&head[..], self.pair.as_bytes()].concat();
        encode(&header, claims, &EncodingKey::from_ed_der(&der)).unwrap()
    }

    pub fn token(&self, scope: &str) -> String {
        self.sign(&claims(scope))
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn claims(scope: &str) -> Value {
    json!({ "iss": "bijou", "aud": "bijou", "sub": "acc-1", "sid": "ses-1", "scope": scope, "exp": now() + 600 })
}

impl Identity {
    pub async fn start(keys: &[&Key]) -> Self {
        let published = Arc::new(Mutex::new(keys.iter().map(|key| key.jwk()).collect::<Vec<_>>()));
        let shown = Arc::clone(&published);
        let origin = Origin::start(move |_| {
            let keys = shown.lock().unwrap().clone();
            async move { Response::new(Body::from(json!({ "keys": keys }).to_string())) }
        })
        .await;
        Self { origin, published }
    }

    fn publish(&self, keys: &[&Key]) {
        *self.published.lock().unwrap() = keys.iter().map(|key| key.jwk()).collect();
    }
}

const ROUTES: &str = r#"
    [[gateway.routes]]
    id = "public"
    paths = ["/public"]
    app = "X"
    [[gateway.routes]]
    id = "mine"
    paths = ["/mine"]
    app = "X"
    access = "signed-in"
    [[gateway.routes]]
    id = "operator"
    paths = ["/operator"]
    app = "X"
    access = "operator"
    [[gateway.routes]]
    id = "oauth"
    paths = ["/oauth"]
    app = "X"
    token = "ignore"
    [[gateway.routes]]
    id = "shared"
    paths = ["/shared"]
    app = "X"
    token = "share"
"#;

async fn platform(identity: &Identity) -> (Platform, Origin) {
    let mut platform = Platform::start(config(ROUTES)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    platform.register("IDENTITY", "identity", identity.origin.addr);
    (platform, origin)
}

#[tokio::test]
async fn an_application_that_shares_gets_its_own_tokens_and_never_identitys() {
    let key = Key::new("k1");
    let identity = Identity::start(&[&key]).await;
    let (platform, _origin) = platform(&identity).await;
    let own = call(platform.addr(), Call::get("/shared").bearer("bjt_0123")).await;
    assert_eq!(own.json()["headers"]["authorization"], "Bearer bjt_0123", "{}", own.text());
    let identitys = call(platform.addr(), Call::get("/shared").bearer(&key.token("viewer"))).await;
    assert_eq!(identitys.status, 200);
    assert!(identitys.json()["headers"].get("authorization").is_none());
    let wrong = call(platform.addr(), Call::get("/shared").bearer("a.b.c")).await;
    assert_eq!(wrong.status, 401);
    let elsewhere = call(platform.addr(), Call::get("/public").bearer("bjt_0123")).await;
    assert_eq!(elsewhere.status, 401, "only where a route says so");
}

#[tokio::test]
async fn a_token_becomes_a_passport_and_stops_at_the_edge() {
    let key = Key::new("k1");
    let identity = Identity::start(&[&key]).await;
    let (platform, _origin) = platform(&identity).await;
    for _ in 0..3 {
        let answer = call(platform.addr(), Call::get("/mine").bearer(&key.token("viewer"))).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let headers = answer.json()["headers"].clone();
        assert!(headers.get("authorization").is_none());
        let passport = platform
            .verifier("X")
            .verify(headers["bijou-passport"].as_str().unwrap(), SystemTime::now())
            .await
            .unwrap();
        assert_eq!((passport.account(), passport.claims.session.as_deref()), (Some("acc-1"), Some("ses-1")));
        assert!(passport.has_scope("viewer"));
    }
}

#[tokio::test]
async fn access_levels_hold() {
    let key = Key::new("k1");
    let identity = Identity::start(&[&key]).await;
    let (platform, _origin) = platform(&identity).await;
    let get = |path: &'static str, token: String| call(platform.addr(), Call::get(path).bearer(&token));
    assert_eq!(platform.get("/public").await.status, 200);
    let missing = platform.get("/mine").await;
    missing.check_problem(401, "token-missing", "client");
    assert!(missing.header("www-authenticate").starts_with("Bearer "));
    get("/operator", key.token("viewer")).await.check_problem(403, "not-allowed", "client");
    assert_eq!(get("/operator", key.token("viewer operator")).await.status, 200);
}

#[tokio::test]
async fn expired_forged_unsigned_and_foreign_tokens_are_refused() {
    let key = Key::new("k1");
    let identity = Identity::start(&[&key]).await;
    let (platform, origin) = platform(&identity).await;
    let get = |token: String| call(platform.addr(), Call::get("/mine").bearer(&token));
    let with = |name: &str, value: Value| {
        let mut claims = claims("viewer");
        claims[name] = value;
        claims
    };
    get(key.sign(&with("exp", json!(now() - 10)))).await.check_problem(401, "token-expired", "client");
    get(key.sign(&with("aud", json!("elsewhere")))).await.check_problem(401, "token-invalid", "client");
    get(Key::new("k1").token("viewer")).await.check_problem(401, "token-invalid", "client");
    get(Key::new("k2").token("viewer")).await.check_problem(401, "token-invalid", "client");
    let good = key.token("viewer");
    let body = good.split('.').nth(1).unwrap();
    let none = URL_SAFE_NO_PAD.encode(json!({ "alg": "none", "typ": "at+jwt", "kid": "k1" }).to_string());
    get(format!("{none}.{body}.")).await.check_problem(401, "token-invalid", "client");
    get("rubbish".to_owned()).await.check_problem(401, "token-invalid", "client");
    // A bad token is refused on public routes, too: who sends one wants to be somebody.
    call(platform.addr(), Call::get("/public").bearer("rubbish")).await.check_problem(401, "token-invalid", "client");
    // But not where a new one is to be had.
    assert_eq!(call(platform.addr(), Call::get("/oauth").bearer("rubbish")).await.status, 200);
    assert_eq!(origin.seen(), 1);
}

#[tokio::test]
async fn keys_are_rotated_without_a_restart_and_withdrawn_ones_end_their_tokens() {
    let (old, new) = (Key::new("old"), Key::new("new"));
    let identity = Identity::start(&[&old]).await;
    let (platform, _origin) = platform(&identity).await;
    let (old_token, new_token) = (old.token("viewer"), new.token("viewer"));
    let get = async |token: &str| call(platform.addr(), Call::get("/mine").bearer(token)).await.status.as_u16();
    assert_eq!(get(&old_token).await, 200);
    identity.publish(&[&old, &new]);
    wait_for("the new key", async || get(&new_token).await == 200).await;
    assert_eq!(get(&old_token).await, 200);
    identity.publish(&[&new]);
    // Nobody asks for a key that is known; a third one makes the gateway look again.
    wait_for("the old key to go", async || {
        get(&Key::new("third").token("viewer")).await;
        get(&old_token).await == 401
    })
    .await;
    assert_eq!(get(&new_token).await, 200);
}

#[tokio::test]
async fn invented_key_names_do_not_make_us_ask_without_end() {
    let key = Key::new("k1");
    let identity = Identity::start(&[&key]).await;
    let (platform, _origin) = platform(&identity).await;
    assert_eq!(call(platform.addr(), Call::get("/mine").bearer(&key.token("viewer"))).await.status, 200);
    let before = identity.origin.seen();
    let addr = platform.addr();
    let calls: Vec<_> = (0..20)
        .map(|n| tokio::spawn(call(addr, Call::get("/mine").bearer(&Key::new(&n.to_string()).token("viewer")))))
        .collect();
    for one in calls {
        assert_eq!(one.await.unwrap().status, 401);
    }
    assert!(identity.origin.seen() - before <= 3, "{} fetches for 20 invented keys", identity.origin.seen() - before);
}

#[tokio::test]
async fn without_identity_tokens_cannot_be_checked_and_that_is_our_problem() {
    let mut platform = Platform::start(config(ROUTES)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    let answer = call(platform.addr(), Call::get("/mine").bearer(&Key::new("k1").token("viewer"))).await;
    answer.check_problem(503, "keys-unavailable", "local");
}
