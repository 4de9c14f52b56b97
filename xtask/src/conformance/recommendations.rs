//! A Python service in place of one of ours: registered under its name, it takes over, and home works.
//!
//! The way a team would do it: the new one registers beside the old one, the old one is taken out of service by an
//! override, and put back if need be. Nothing is configured anew.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::Checks;
use super::http::{self, Extra};
use super::stage::{Running, change, instances, wait_for};
use super::toolchains;
use crate::platform::Platform;
use crate::process::{program, root};

const APP: &str = "RECOMMENDATIONS";
/// A cold debug build on two busy cores.
const READY_MAX: Duration = Duration::from_mins(2);

pub fn run(checks: &mut Checks, executable: &Path) -> Result<()> {
    let python = toolchains::python()?;
    let folder = root().join("target/xtask");
    fs::create_dir_all(&folder)?;
    let config = folder.join("conformance-home.toml");
    fs::write(&config, "[demo]\nfetch_films = false\n[gateway]\nrate_limiting = false\n")?;
    let config = config.to_str().context("the folder's name is text")?;
    let mut platform = Platform::start_patient(executable, "conformance-home", &["--config", config])?;
    platform.wait_until_ready(READY_MAX)?;
    let (gateway, registry) = (platform.url("gateway")?, platform.url("registry")?);
    let ours = instances(&registry, APP)?;
    let ours = ours.first().and_then(|it| it["instanceId"].as_str()).context("ours is not registered")?.to_owned();
    let status = format!("{registry}/apps/{APP}/{ours}/status");
    let member = sign_in(&gateway)?;

    let mut command = program(&python.to_string_lossy(), "conformance");
    command.arg("python/recommendations.py").env("REGISTRY", &registry);
    let mut theirs = Running::start(&mut command, "recommendations", &folder)?;
    checks.run("recommendations in Python: registers beside ours under its name", || {
        wait_for("both are there", || {
            theirs.must_run()?;
            Ok(instances(&registry, APP)?.iter().filter(|it| it["status"] == "UP").count() == 2)
        })
    });
    checks.run("recommendations in Python: home is its own once ours is out of service", || {
        change("PUT", &format!("{status}?value=OUT_OF_SERVICE"))?;
        wait_until_home_is(&gateway, &member, true)
    });
    checks.run("recommendations in Python: its answer is what the contract says, for members and strangers", || {
        let contract = fs::read(root().join("contracts/recommendations.openapi.json"))?;
        let contract: Value = serde_json::from_slice(&contract)?;
        for headers in [&[][..], &[("authorization", &*member)][..]] {
            let home = http::get_with(&format!("{gateway}/v1/home"), headers)?.expect(200)?.json()?;
            fits(&contract, &json!({ "$ref": "#/components/schemas/RecommendationsHome" }), &home, "home")?;
        }
        Ok(())
    });
    checks.run("recommendations in Python: every title on its page can be opened", || {
        let home = home(&gateway, &member)?;
        let cards = home["rows"].as_array().into_iter().flatten().filter_map(|row| row["items"].as_array()).flatten();
        let ids: Vec<_> = cards.chain([&home["hero"]]).filter_map(|card| card["title_id"].as_str()).collect();
        ensure!(ids.len() > 1, "only {} titles", ids.len());
        ids.iter().try_for_each(|id| http::get(&format!("{gateway}/v1/titles/{id}"))?.expect(200).map(drop))
    });
    checks.run("recommendations in Python: hands back to ours without a failed request", || {
        change("DELETE", &format!("{status}?value=UP"))?;
        wait_until_home_is(&gateway, &member, false)?;
        theirs.terminate()?;
        while instances(&registry, APP)?.len() > 1 {
            home(&gateway, &member)?;
        }
        theirs.wait()?;
        wait_until_home_is(&gateway, &member, false)
    });
    Ok(())
}

fn home(gateway: &str, member: &str) -> Result<Value> {
    http::get_with(&format!("{gateway}/v1/home"), &[("authorization", member)])?.expect(200)?.json()
}

fn wait_until_home_is(gateway: &str, member: &str, python: bool) -> Result<()> {
    wait_for(if python { "home is Python's" } else { "home is ours" }, || {
        let home = home(gateway, member)?;
        Ok((home["hero"]["reason"]["code"] == "python") == python)
    })
}

/// The value of `Authorization` of a new member.
fn sign_in(gateway: &str) -> Result<String> {
    let member = json!({ "email": "member@bijou.example", "password": "a phrase to be tested with" }).to_string();
    let post = |path: &str| {
        let extra = Extra { body: Some(member.clone()), ..Extra::default() };
        http::send("POST", &format!("{gateway}{path}"), &extra)?.expect(201)?.json()
    };
    post("/v1/accounts")?;
    let session = post("/v1/sessions")?;
    Ok(format!("Bearer {}", session["access_token"].as_str().context("no access token")?))
}

/// Whether a value is what a schema of a contract says: types, required members, enumerations.
fn fits(contract: &Value, schema: &Value, value: &Value, at: &str) -> Result<()> {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        let schema = contract.pointer(pointer).with_context(|| format!("no {reference} in the contract"))?;
        return fits(contract, schema, value, at);
    }
    let is_right = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("boolean") => value.is_boolean(),
        _ => true,
    };
    if !is_right || schema["enum"].as_array().is_some_and(|allowed| !allowed.contains(value)) {
        bail!("{at} is {value}, and should be {schema}");
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        ensure!(value.get(name).is_some(), "{at} has no `{name}`");
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = value.get(name) {
            fits(contract, schema, value, &format!("{at}.{name}"))?;
        }
    }
    for (index, value) in value.as_array().into_iter().flatten().enumerate() {
        fits(contract, &schema["items"], value, &format!("{at}[{index}]"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_contract_asks_for_is_missed_at_any_depth() {
        let contract = json!({ "components": { "schemas": {
            "Row": { "type": "object", "required": ["items"], "properties": {
                "items": { "type": "array", "items": { "$ref": "#/components/schemas/Kind" } } } },
            "Kind": { "type": "string", "enum": ["movie", "show"] },
        } } });
        let schema = json!({ "$ref": "#/components/schemas/Row" });
        let check = |value: Value| fits(&contract, &schema, &value, "row").is_ok();
        assert!(check(json!({ "items": ["movie", "show"] })));
        assert!(!check(json!({})));
        assert!(!check(json!({ "items": "movie" })));
        assert!(!check(json!({ "items": ["movie", "radio"] })));
    }
}
