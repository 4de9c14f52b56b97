//! Client credentials.

use base64::Engine;

use crate::keys::{claims, verify};
use crate::world::{World, oauth_error, text, world};

const SECRET: &str = "0123456789abcdef0123456789abcdef+/=";
const CLIENTS: &str = "[[identity.clients]]\nid = 'acme films'\nclient_secret = '0123456789abcdef0123456789abcdef+/='\nscopes = ['partner', 'feeds']\n";

async fn partner_world() -> World {
    World::on(bijou_testkit::sqlite_database(), CLIENTS).await
}

fn basic(id: &str, secret: &str) -> String {
    let pair = serde_urlencoded::to_string([(id, secret)]).expect("text").replace('=', ":");
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
}

#[tokio::test]
async fn a_client_gets_a_token_of_its_own_by_either_way() {
    let world = partner_world().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "acme films"),
        ("client_secret", SECRET),
        ("scope", "feeds"),
    ];
    let in_form = world.visitor().post("/oauth/token").form(&form).send().await.expect(200).value();
    assert_eq!(in_form["scope"], "feeds");
    assert!(in_form.get("refresh_token").is_none());
    let in_header =
        world.visitor().post("/oauth/token").form(&form[..1]).header("authorization", &basic("acme films", SECRET));
    let in_header = in_header.send().await.expect(200).value();
    assert_eq!(in_header["scope"], "partner");
    let claims = claims(&verify(&world.service, &text(&in_header, "access_token"), &world.time).await);
    assert_eq!((text(&claims, "sub"), text(&claims, "client_id")), ("acme films".to_owned(), "acme films".to_owned()));
    assert!(claims.get("sid").is_none());
}

#[tokio::test]
async fn wrong_clients_get_no_token() {
    let world = partner_world().await;
    let grant = ("grant_type", "client_credentials");
    for form in [
        vec![grant],
        vec![grant, ("client_id", "acme films")],
        vec![grant, ("client_id", "acme films"), ("client_secret", "wrong")],
        vec![grant, ("client_id", "nobody"), ("client_secret", SECRET)],
    ] {
        let answer = world.visitor().post("/oauth/token").form(&form).send().await;
        assert_eq!(oauth_error(&answer, 401), "invalid_client");
        assert_eq!(answer.header("www-authenticate"), "Basic realm=\"oauth\"");
    }
    for header in ["Basic", "Basic !!!", "Bearer abc", "Basic YWJj"] {
        let answer = world.visitor().post("/oauth/token").form(&[grant]).header("authorization", header).send().await;
        assert_eq!(oauth_error(&answer, 401), "invalid_client");
    }
    let both = [grant, ("client_id", "acme films"), ("client_secret", SECRET)];
    let twice = world.visitor().post("/oauth/token").form(&both).header("authorization", &basic("acme films", SECRET));
    assert_eq!(oauth_error(&twice.send().await, 400), "invalid_request");
    let greedy = [grant, ("client_id", "acme films"), ("client_secret", SECRET), ("scope", "feeds operator")];
    assert_eq!(oauth_error(&world.visitor().post("/oauth/token").form(&greedy).send().await, 400), "invalid_scope");
}

#[tokio::test]
async fn without_configured_clients_there_is_nobody_to_impersonate() {
    let form = [("grant_type", "client_credentials"), ("client_id", ""), ("client_secret", "")];
    let answer = world().await.visitor().post("/oauth/token").form(&form).send().await;
    assert_eq!(oauth_error(&answer, 401), "invalid_client");
}
