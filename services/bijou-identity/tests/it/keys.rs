//! Access tokens and the keys they are signed with, read by another library, as the gateway does.

use bijou_testkit::{TestService, wait_until};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Header, TokenData, Validation};
use serde_json::{Value, json};

use crate::world::{Time, World, text, world, worlds};

const DAY: i64 = 86_400;

async fn key_set(service: &TestService) -> JwkSet {
    service.nobody().get("/.well-known/jwks.json").send().await.expect(200).json()
}

fn kids(set: &JwkSet) -> Vec<String> {
    set.keys.iter().map(|key| key.common.key_id.clone().expect("each key has a name")).collect()
}

/// The token, if it is good by the key set published at this moment.
pub async fn verify(service: &TestService, token: &str, time: &Time) -> TokenData<Value> {
    let set = key_set(service).await;
    let header = jsonwebtoken::decode_header(token).expect("a header");
    let key = set.find(header.kid.as_deref().expect("a key name")).expect("its key is published");
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["bijou"]);
    validation.set_issuer(&["bijou"]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // The library reads the machine's clock; the test's is compared below.
    validation.validate_exp = false;
    let data: TokenData<Value> =
        jsonwebtoken::decode(token, &DecodingKey::from_jwk(key).expect("a usable key"), &validation).expect("valid");
    assert!(data.claims["exp"].as_i64().is_some_and(|exp| exp > time.clock().now_s()), "expired");
    data
}

pub fn claims(data: &TokenData<Value>) -> Value {
    data.claims.clone()
}

#[tokio::test]
async fn an_access_token_is_a_jwt_of_ten_minutes_by_rfc_9068() {
    let world = world().await;
    let account = world.sign_up().await;
    let signed_in = world.sign_in().await;
    let data = verify(&world.service, &text(&signed_in, "access_token"), &world.time).await;
    assert_eq!(data.header.typ.as_deref(), Some("at+jwt"));
    let claims = data.claims;
    assert_eq!(text(&claims, "sub"), account);
    assert_eq!(claims["sid"], signed_in["session"]["id"]);
    assert_eq!(claims["scope"], "viewer");
    assert_eq!(claims["client_id"], "bijou-app");
    assert_eq!(claims["exp"].as_i64().expect("a number") - claims["iat"].as_i64().expect("a number"), 600);
    assert_eq!(claims["auth_time"], claims["iat"]);
    assert!(claims["jti"].is_string());
    // Refreshing ten minutes later changes neither session nor time of sign-in.
    world.time.pass_s(600);
    let next = world.refresh(&text(&signed_in, "refresh_token")).await.expect(200).value();
    let later = verify(&world.service, &text(&next, "access_token"), &world.time).await.claims;
    assert_eq!((&later["sid"], &later["auth_time"]), (&claims["sid"], &claims["auth_time"]));
    assert_eq!(later["iat"].as_i64(), claims["iat"].as_i64().map(|iat| iat + 600));
}

#[tokio::test]
async fn the_key_set_names_public_keys_and_nothing_else() {
    let world = world().await;
    let set = world.service.nobody().get("/.well-known/jwks.json").send().await.expect(200).value();
    let keys = set["keys"].as_array().expect("a list");
    assert_eq!(keys.len(), 1);
    let members: Vec<&str> = keys[0].as_object().expect("a key").keys().map(String::as_str).collect();
    assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x"]);
    assert_eq!((&keys[0]["kty"], &keys[0]["alg"]), (&json!("OKP"), &json!("EdDSA")));
}

#[tokio::test]
async fn instances_on_one_database_share_their_keys() {
    for world in worlds().await {
        let other = world.another().await;
        assert_eq!(kids(&key_set(&world.service).await), kids(&key_set(&other).await));
        world.sign_up().await;
        let signed_in = world.sign_in().await;
        verify(&other, &text(&signed_in, "access_token"), &world.time).await;
        // And a session begun here goes on there.
        let form = [("grant_type", "refresh_token"), ("refresh_token", &text(&signed_in, "refresh_token"))];
        other.anonymous().post("/oauth/token").form(&form).send().await.expect(200);
    }
}

/// Restarting is the quickest way to make an instance look at its keys.
async fn restarted(world: World) -> World {
    let World { service, time, database, house, makers } = world;
    service.stop().await;
    let clock = time.clock();
    let service = TestService::of(bijou_identity::ROLE)
        .database(&database.url)
        .start(move |context| bijou_identity::service_with(context, clock))
        .await;
    World { service, time, database, house, makers }
}

#[tokio::test]
async fn the_next_key_is_published_before_it_signs_and_the_last_one_stays_a_while() {
    for world in worlds().await {
        world.sign_up().await;
        let first = kids(&key_set(&world.service).await);
        world.time.pass_s(29 * DAY);
        let world = restarted(world).await;
        let both = kids(&key_set(&world.service).await);
        assert_eq!((both.len(), &both[0]), (2, &first[0]));
        let signed_by = async |world: &World| -> Header {
            verify(&world.service, &text(&world.sign_in().await, "access_token"), &world.time).await.header
        };
        assert_eq!(signed_by(&world).await.kid.as_ref(), Some(&both[0]), "published, not yet in use");
        world.time.pass_s(DAY);
        assert_eq!(signed_by(&world).await.kid.as_ref(), Some(&both[1]), "no restart is needed for the change");
        assert_eq!(kids(&key_set(&world.service).await), both, "tokens of the old key are still about");
        world.time.pass_s(3600 + 600);
        let world = restarted(world).await;
        assert_eq!(kids(&key_set(&world.service).await), both[1..]);
    }
}

#[tokio::test]
async fn instances_that_start_at_once_make_one_key() {
    for database in bijou_testkit::databases().await {
        let time = Time::new();
        let start = || {
            let clock = time.clock();
            TestService::of(bijou_identity::ROLE)
                .database(&database.url)
                .start(move |context| bijou_identity::service_with(context, clock))
        };
        let (one, two, three) = tokio::join!(start(), start(), start());
        let expected = kids(&key_set(&one).await);
        assert_eq!(expected.len(), 1, "{}", database.engine);
        for other in [&two, &three] {
            wait_until("the same key everywhere", async || kids(&key_set(other).await) == expected).await;
        }
    }
}
