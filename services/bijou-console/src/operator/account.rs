//! Signing in with an account: identity proves the password and says whether the account may operate.
//!
//! The console keeps nothing of it: the session at identity only proves who it was and is listed there as any other.

use std::time::Duration;

use bijou_chassis::Reject;
use bijou_client::{CallContext, CallError, Client};
use bijou_problem::Problem;
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

/// Where accounts are.
const IDENTITY: &str = "IDENTITY";

/// Hashing a password takes a while, and so may waiting for a place to do it.
const PATIENCE: Duration = Duration::from_secs(5);

/// The scope whoever operates needs.
const OPERATOR: &str = "operator";

#[derive(Deserialize)]
struct SignedIn {
    account: Account,
    scope: String,
}

#[derive(Deserialize)]
struct Account {
    email: String,
}

/// The e-mail address of the account, as identity writes it.
pub async fn prove(client: &Client, email: &str, password: &str) -> Result<String, Reject> {
    let asked = json!({
        "email": email, "password": password, "scope": "viewer operator", "device_name": "Operator's console",
    });
    let call = CallContext::service();
    let request = client.to(IDENTITY).post("/v1/sessions").json(&asked).context(&call).attempt_timeout(PATIENCE);
    let answer = request.send().await.and_then(bijou_client::Response::success).map_err(refused)?;
    let signed_in: SignedIn = answer.json().map_err(away)?;
    if signed_in.scope.split(' ').any(|scope| scope == OPERATOR) {
        return Ok(signed_in.account.email);
    }
    Err(not_an_operator())
}

fn refused(error: CallError) -> Reject {
    let CallError::Problem { status, .. } = &error else { return away(error) };
    match *status {
        // An address or a password that identity would never take is as wrong as any other.
        StatusCode::UNAUTHORIZED | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => {
            let problem = Problem::new(StatusCode::UNAUTHORIZED, "operator-credentials-wrong")
                .title("E-mail address or password is wrong");
            Reject::new(problem)
        }
        StatusCode::FORBIDDEN => not_an_operator(),
        StatusCode::TOO_MANY_REQUESTS => {
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "sign-in-limited")
                .title("Too many tries")
                .detail("Identity takes no more of them for this account for a while.");
            Reject::new(problem).with_retry_after_s(60)
        }
        _ => away(error),
    }
}

fn not_an_operator() -> Reject {
    let problem = Problem::new(StatusCode::FORBIDDEN, "not-an-operator")
        .title("This account does not operate the platform")
        .detail("Accounts that do are listed in `identity.operators`.");
    Reject::new(problem)
}

fn away(error: CallError) -> Reject {
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "identity-away")
        .title("Accounts cannot be checked for a moment")
        .detail("Identity does not answer; the token printed where the platform was started works without it.");
    Reject::new(problem).with_retry_after_s(2).because(error)
}
