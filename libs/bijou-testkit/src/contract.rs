//! Contracts: the committed OpenAPI document is what a service promises, and every answer in every test keeps it.
//!
//! Checked are status, media type and schema. Refusals of the chassis (a missing passport, malformed JSON) are the same
//! for every operation and not repeated in each document: they only have to be problems.

mod check;
mod refs;

use std::path::PathBuf;

use serde_json::Value;
use utoipa::openapi::OpenApi;

pub use check::Contract;

/// Fails when `contracts/<role>.openapi.json` is not what the code says; `UPDATE_CONTRACTS=1` writes it instead.
#[track_caller]
pub fn assert_current(role: &str, document: &OpenApi) {
    let path = path_of(role);
    let current = serde_json::to_value(document).expect("an OpenAPI document serialises");
    if bijou_config::variable("UPDATE_CONTRACTS").is_some() {
        let text = serde_json::to_string_pretty(document).expect("an OpenAPI document serialises") + "\n";
        std::fs::write(&path, text).expect("contracts/ is writable");
        return;
    }
    let committed = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    assert!(
        committed.as_ref() == Some(&current),
        "contracts/{role}.openapi.json is not what the code says: run `cargo xtask contracts` and review the change"
    );
}

fn path_of(role: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../contracts").join(format!("{role}.openapi.json"))
}
