//! The gateway's own pages: health, documents, keys, the viewer app, and what only operators see.

use std::time::SystemTime;

use bijou_chassis::Asset;
use bijou_eureka::Instance;
use bijou_passport::{Claims, PublicKey};
use serde_json::json;

use crate::support::{Call, Origin, Platform, ROUTE_X, call, config, wait_for};

fn app(path: &str) -> Option<Asset> {
    let (text, content_type): (&'static str, _) = match path {
        "index.html" => ("<!doctype html><title>app</title>", "text/html; charset=utf-8"),
        "assets/main-1a.js" => ("let plain", "text/javascript"),
        "assets/main-1a.js.br" => ("small", "text/javascript"),
        _ => return None,
    };
    Some(Asset { bytes: text.as_bytes().into(), content_type, etag: format!("\"{}\"", text.len()) })
}

async fn with_app() -> Platform {
    Platform::start_with(config(ROUTE_X), |mut setup| {
        setup.assets = Some(app);
        setup
    })
    .await
}

#[tokio::test]
async fn it_is_alive_at_once_and_ready_when_it_knows_enough() {
    let mut settings = config(ROUTE_X);
    settings.ready_roles = vec!["catalog".into(), "playback".into()];
    let mut platform = Platform::start(settings).await;
    assert_eq!(platform.get("/healthz").await.status, 200);
    let waiting = platform.get("/readyz").await;
    assert_eq!(waiting.status, 503);
    assert!(waiting.text().contains("no instance of CATALOG is up"), "{}", waiting.text());
    let origin = Origin::echo("one").await;
    platform.register("CATALOG", "c", origin.addr);
    platform.register("PLAYBACK", "p", origin.addr);
    let waiting = platform.get("/readyz").await;
    assert!(waiting.status == 503 && waiting.text().contains("the first title is being made"), "{}", waiting.text());
    let playback = Instance::new("PLAYBACK", "p", "localhost", "127.0.0.1", origin.addr.port())
        .with_metadata("bijou.playable", "1");
    platform.register_instance(playback);
    assert_eq!(platform.get("/readyz").await.json()["ready"], json!(true));
    assert_eq!(call(platform.addr(), Call::post("/healthz", "")).await.status, 405);
}

#[tokio::test]
async fn the_keys_that_sign_its_passports_are_published() {
    let platform = Platform::start(config(ROUTE_X)).await;
    let keys = PublicKey::read_set(&platform.get("/.well-known/passport-keys").await.body).unwrap();
    assert_eq!(keys, [platform.signer.public_key().clone()]);
}

#[tokio::test]
async fn one_document_tells_of_all_services_that_are_up() {
    let mut platform =
        Platform::start(config(&format!("{ROUTE_X}[[gateway.routes]]\nid = \"y\"\npaths = [\"/y\"]\napp = \"Y\"")))
            .await;
    let document = |path: &'static str, schema: &'static str| {
        move |_| async move {
            let document = json!({
                "paths": { path: { "get": { "responses": {} } }, "/events": { "get": { "responses": {} } } },
                "components": { "schemas": { schema: { "type": "object" }, "Shared": { "title": path } } },
            });
            axum::response::Response::new(axum::body::Body::from(document.to_string()))
        }
    };
    let (x, y) = (
        Origin::with_document(document("/x/{id}", "XThing")).await,
        Origin::with_document(document("/y", "YThing")).await,
    );
    platform.register("X", "x", x.addr);
    platform.register("Y", "y", y.addr);
    wait_for("both documents", async || {
        platform.get("/openapi.json").await.json()["paths"].as_object().is_some_and(|paths| paths.len() == 2)
    })
    .await;
    let answer = platform.get("/openapi.json").await;
    let merged = answer.json();
    assert_eq!(merged["openapi"], "3.1.0");
    assert!(merged["paths"].get("/events").is_none(), "internal paths stay inside");
    assert!(merged["components"]["schemas"].get("YThing").is_some());
    assert!(merged["x-bijou-collisions"][0].as_str().unwrap().contains("`Shared`"), "{merged}");
    assert!(platform.get("/readyz").await.text().contains("`Shared`"));
    let again = call(platform.addr(), Call::get("/openapi.json").header("if-none-match", answer.header("etag"))).await;
    assert_eq!(again.status, 304);
    platform.deregister("y");
    wait_for("the document to shrink", async || {
        platform.get("/openapi.json").await.json()["paths"].as_object().is_some_and(|paths| paths.len() == 1)
    })
    .await;
}

#[tokio::test]
async fn the_app_has_its_pages_and_the_api_keeps_its_errors() {
    let platform = with_app().await;
    let browser = |path: &str| call(platform.addr(), Call::get(path).header("accept", "text/html,*/*;q=0.8"));
    for path in ["/", "/title/bo-lanterns", "/sign-in"] {
        let page = browser(path).await;
        assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        assert_eq!(page.header("cache-control"), "no-cache");
        assert!(page.header("content-security-policy").contains("default-src 'self'"));
        assert_eq!(page.header("x-content-type-options"), "nosniff");
    }
    let script = call(platform.addr(), Call::get("/assets/main-1a.js").header("accept-encoding", "br")).await;
    assert_eq!((script.text().as_str(), script.header("content-encoding")), ("small", "br"));
    assert!(script.header("cache-control").contains("immutable"));
    for path in ["/v1/none", "/x", "/assets/gone-1.js"] {
        let problem = browser(path).await;
        assert_eq!(problem.header("content-type"), "application/problem+json", "{path}");
    }
    platform.get("/title/x").await.check_problem(404, "no-route", "client");
    call(platform.addr(), Call::post("/title/x", "").header("accept", "text/html"))
        .await
        .check_problem(404, "no-route", "client");
}

#[tokio::test]
async fn only_the_console_sees_stories_and_routes() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::says(b"").await;
    platform.register("X", "one", origin.addr);
    let admin = platform.gateway.admin_addr();
    assert_eq!(call(admin, Call::get("/requests")).await.status, 401);
    let other =
        bijou_passport::Signer::generate("CATALOG").issue(&Claims::service("catalog", ["GATEWAY"]), SystemTime::now());
    assert_eq!(call(admin, Call::get("/routes").header("bijou-passport", &other)).await.status, 401);
    let for_others = platform.console.issue(&Claims::service("console", ["CATALOG"]), SystemTime::now());
    assert_eq!(call(admin, Call::get("/routes").header("bijou-passport", &for_others)).await.status, 401);
    assert_eq!(call(admin, Call::get("/metrics")).await.status, 200);

    let failed = platform.get("/x").await;
    let story = platform.story(failed.header("x-request-id")).await;
    assert_eq!((&story["route"], &story["status"], &story["code"]), (&"x".into(), &502.into(), &"origin-reset".into()));
    assert_eq!(story["attempts"][0]["fault"], "reset");
    let listed = platform.admin("/requests?category=failed&route=x").await;
    assert_eq!(listed["items"][0]["request_id"], failed.header("x-request-id"));
    assert_eq!(platform.admin("/routes").await["items"][0]["id"], "x");
    let filters = platform.admin("/filters").await;
    let order: Vec<&str> = filters["inbound"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(
        order,
        [
            "normalise-path",
            "strip-headers",
            "trace",
            "preflight",
            "route",
            "authenticate",
            "authorise",
            "rate-limit",
            "limits",
            "passport",
            "authorizer",
            "faults"
        ]
    );
}
