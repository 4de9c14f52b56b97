//! Operators who sign in with an account, proved by identity.

use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, http::header::CONTENT_TYPE};
use bijou_testkit::{TestResponse, TestService};
use serde_json::{Value, json};

use crate::support::Console;

/// An identity that knows an operator, a viewer, somebody who tried too often, and one it breaks over.
fn identity() -> Router {
    let problem = |status: StatusCode, code: &str| -> Response {
        let body = json!({"type": format!("/problems/{code}"), "title": code, "status": status.as_u16(), "code": code});
        (status, [(CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
    };
    let create = async move |Json(asked): Json<Value>| -> Response {
        assert_eq!(asked["scope"], "viewer operator");
        match (asked["email"].as_str(), asked["password"].as_str()) {
            (Some("ops@example.org"), Some("right")) => {
                let account = json!({"email": "ops@example.org"});
                (StatusCode::CREATED, Json(json!({"account": account, "scope": "viewer operator"}))).into_response()
            }
            (Some("ada@example.org"), Some("right")) => problem(StatusCode::FORBIDDEN, "scope-refused"),
            (Some("eve@example.org"), _) => problem(StatusCode::TOO_MANY_REQUESTS, "too-many-attempts"),
            (Some("odd@example.org"), _) => problem(StatusCode::INTERNAL_SERVER_ERROR, "internal-error"),
            _ => problem(StatusCode::UNAUTHORIZED, "credentials-invalid"),
        }
    };
    Router::new().route("/v1/sessions", post(create))
}

async fn sign_in(console: &Console, email: &str, password: &str) -> TestResponse {
    console.stranger().post("/api/session").json(&json!({"email": email, "password": password})).send().await
}

#[tokio::test]
async fn an_operator_is_known_by_name_and_so_is_what_they_do() {
    let console = Console::start_with(TestService::of(bijou_console::ROLE).stand_in("IDENTITY", identity())).await;
    let answer = sign_in(&console, " ops@example.org", "right").await.expect(204);
    let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    let session = console.stranger().get("/api/session").header("cookie", &cookie).send().await.expect(200).value();
    assert_eq!(session["who"], "ops@example.org");

    let audit = console.ask("/api/audit?action=session.create").await;
    assert_eq!(audit["items"][0]["actor"], "ops@example.org");
    assert!(!audit.to_string().contains("right"), "{audit}");
}

#[tokio::test]
async fn everybody_else_is_told_why_not() {
    let console = Console::start_with(TestService::of(bijou_console::ROLE).stand_in("IDENTITY", identity())).await;
    for (email, password, status, code) in [
        ("ops@example.org", "wrong", 401, "operator-credentials-wrong"),
        ("ada@example.org", "right", 403, "not-an-operator"),
        ("eve@example.org", "right", 429, "sign-in-limited"),
        ("odd@example.org", "right", 503, "identity-away"),
    ] {
        let answer = sign_in(&console, email, password).await;
        answer.expect_problem(status, code);
        assert_eq!(answer.header("set-cookie"), "", "{email}");
    }
    let refused = console.ask("/api/audit?action=request.refused").await;
    assert_eq!(refused["items"].as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn without_identity_the_token_still_opens() {
    let console = Console::start().await;
    sign_in(&console, "ops@example.org", "right").await.expect_problem(503, "identity-away");
    let token = json!({ "token": crate::support::TOKEN });
    console.stranger().post("/api/session").json(&token).send().await.expect(204);
}
