//! Pages of other origins.

use http::Method;

use crate::support::{Answer, Call, Origin, Platform, call, config};

const ROUTES: &str = r#"
[[gateway.routes]]
id = "open"
paths = ["/open"]
app = "X"
access = "signed-in"
cross_origin = true

[[gateway.routes]]
id = "films"
paths = ["/films"]
app = "X"
methods = ["GET"]
cross_origin = true

[[gateway.routes]]
id = "closed"
paths = ["/closed"]
app = "X"
"#;

async fn started() -> (Platform, Origin) {
    let mut platform = Platform::start(config(ROUTES)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    (platform, origin)
}

async fn ask_first(platform: &Platform, path: &str, method: &str) -> Answer {
    let call_ = Call::new(Method::OPTIONS, path)
        .header("origin", "https://lantern.example")
        .header("access-control-request-method", method)
        .header("access-control-request-headers", "authorization, cmcd-session");
    call(platform.addr(), call_).await
}

#[tokio::test]
async fn a_browser_that_asks_first_is_told_yes_without_a_token_and_without_the_service() {
    let (platform, origin) = started().await;
    let told = ask_first(&platform, "/open/a", "PUT").await;
    assert_eq!(told.status, 204);
    assert_eq!(told.header("access-control-allow-origin"), "*");
    assert_eq!(told.header("access-control-allow-methods"), "PUT");
    assert_eq!(told.header("access-control-allow-headers"), "authorization, cmcd-session");
    assert!(!told.headers.contains_key("access-control-allow-credentials"), "{told:?}");
    assert_eq!(origin.seen(), 0);
}

#[tokio::test]
async fn other_pages_read_answers_and_refusals_of_routes_that_are_open_to_them() {
    let (platform, _origin) = started().await;
    let answer = platform.get("/films").await;
    assert_eq!((answer.status.as_u16(), answer.header("access-control-allow-origin")), (200, "*"));
    assert_eq!(answer.header("access-control-expose-headers"), "*");
    let refused = platform.get("/open").await;
    refused.check_problem(401, "token-missing", "client");
    assert_eq!(refused.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn nothing_else_is_opened() {
    let (platform, _origin) = started().await;
    for (path, method) in [("/closed", "GET"), ("/films", "DELETE"), ("/nothing", "GET")] {
        let told = ask_first(&platform, path, method).await;
        assert!(!told.headers.contains_key("access-control-allow-methods"), "{method} {path}: {told:?}");
    }
    assert!(!platform.get("/closed").await.headers.contains_key("access-control-allow-origin"));
}
