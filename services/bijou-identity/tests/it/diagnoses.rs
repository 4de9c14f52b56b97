//! Whose an address is, for the console alone.

use serde_json::json;

use crate::world::{EMAIL, worlds};

#[tokio::test]
async fn the_console_learns_whose_an_address_is_and_nobody_else_does() {
    for world in worlds().await {
        let account_id = world.sign_up().await;
        let ask = async |role: &str, email: &str| {
            let request = world.service.service(role).post("/v1/diagnoses/accounts");
            request.json(&json!({ "email": email })).send().await
        };
        let found = ask("console", " Ada@Example.org ").await.expect(200).value();
        assert_eq!(found, json!({ "account_id": account_id }));
        ask("console", "eve@example.org").await.expect_problem(404, "account-not-found");
        ask("console", "no address").await.expect_problem(422, "email-invalid");
        ask("profiles", EMAIL).await.expect_problem(403, "service-only");
        let stranger = world.visitor().post("/v1/diagnoses/accounts").json(&json!({ "email": EMAIL }));
        stranger.send().await.expect_problem(403, "service-only");
    }
}
