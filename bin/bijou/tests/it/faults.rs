//! The fault lab on a running platform: catalog broken on purpose is seen at the gateway, stops by the button, and ends
//! by itself when the console that holds it dies.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use crate::http::{delete, get, post};
use crate::platform::{Platform, wait_for};

const SEEN_MAX: Duration = Duration::from_mins(1);

#[test]
fn a_fault_on_catalog_is_seen_at_the_gateway_and_ends() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("faults.toml");
    fs::write(&config, "[console]\noperator_token = 'hold the door'\nfaults.percent_max = 100\n").unwrap();
    let data = folder.path().join("data");
    let platform = Platform::start_in(&data, &["--no-demo", "--config", &config.display().to_string()]);
    let operator = platform.state()["operator"].as_str().unwrap().to_owned();
    let gateway = platform.gateway();
    let token = platform.sign_up("ada@example.org");
    let titles = || get(&gateway, "/v1/titles").bearer(&token).send();
    let code =
        |answer: &crate::http::Answer| if answer.status == 200 { Value::Null } else { answer.json()["code"].clone() };
    wait_for("the catalog to answer", SEEN_MAX, || titles().status == 200);

    let fault = json!({ "kind": "abort", "status": 503, "to": "catalog", "percent": 100, "duration_s": 600,
        "reason": "a test" });
    let put_in =
        |fault: &Value| post(&operator, "/api/faults", fault).bearer("hold the door").send().expect(201).json();
    let running = put_in(&fault);
    // Each role gets its key of the console first, which a busy machine may take a second for.
    wait_for("everybody to be told", SEEN_MAX, || {
        let shown = get(&operator, "/api/faults").bearer("hold the door").send().expect(200).json();
        shown["items"][0]["instances"].as_u64().is_some_and(|count| count >= 7)
    });
    wait_for("the fault to strike", SEEN_MAX, || titles().status == 503);
    let broken = titles().expect(503);
    assert_eq!((&code(&broken), &broken.json()["fault"]), (&json!("fault-injected"), &running["id"]));
    wait_for("the hit to be told", SEEN_MAX, || {
        let shown = get(&operator, "/api/faults").bearer("hold the door").send().expect(200).json();
        shown["items"][0]["hits"].as_u64().is_some_and(|hits| hits >= 1)
    });
    delete(&operator, "/api/faults").bearer("hold the door").send().expect(204);
    wait_for("the fault to be over", SEEN_MAX, || titles().status == 200);

    // Ends by itself at its time.
    put_in(
        &json!({ "kind": "abort", "status": 500, "to": "catalog", "percent": 100, "duration_s": 10, "reason": "a test" }),
    );
    wait_for("the other fault", SEEN_MAX, || titles().status == 500);
    wait_for("the fault to end by itself", SEEN_MAX, || titles().status == 200);

    // Ends by itself when the console that renews it dies.
    put_in(&fault);
    wait_for("the fault to strike again", SEEN_MAX, || titles().status == 503);
    platform.kill("console");
    wait_for("the fault to end without its console", SEEN_MAX, || titles().status == 200);
}
