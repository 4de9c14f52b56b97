//! What `deny.toml` says of licences, bans and sources, held without any tool to install.
//!
//! The file stays `cargo deny`'s, which knows more (advisories, licence texts in sources); this reads the same lists
//! and compares them with what Cargo resolved, for every platform, so that a test run on a bare machine means something.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, Licensee};

use super::root;

struct Rules(toml::Table);

impl Rules {
    fn read() -> Self {
        Self(fs::read_to_string(root().join("deny.toml")).expect("deny.toml").parse().expect("deny.toml is TOML"))
    }

    fn strings(table: &toml::Table, key: &str) -> Vec<String> {
        let listed = table.get(key).and_then(toml::Value::as_array).into_iter().flatten();
        listed.map(|value| value.as_str().expect("a string").to_owned()).collect()
    }

    fn tables<'a>(&'a self, table: &str, key: &str) -> impl Iterator<Item = &'a toml::Table> + use<'a> {
        let listed = self.0[table].get(key).and_then(toml::Value::as_array).into_iter().flatten();
        listed.map(|value| value.as_table().expect("a table"))
    }

    /// Licences a crate may have, its own exceptions among them.
    fn licensees(&self, name: &str) -> Vec<Licensee> {
        let general = self.0["licenses"].as_table().expect("[licenses]");
        let mut allowed = Self::strings(general, "allow");
        for exception in self.tables("licenses", "exceptions").filter(|one| one["crate"].as_str() == Some(name)) {
            allowed.extend(Self::strings(exception, "allow"));
        }
        allowed.iter().map(|text| Licensee::parse(text).expect("an SPDX licence")).collect()
    }

    fn licence_fault(&self, name: &str, licence: Option<&str>) -> Option<String> {
        let Some(text) = licence else { return Some(format!("`{name}` names no licence")) };
        let expression = match Expression::parse_mode(text, spdx::ParseMode::LAX) {
            Ok(expression) => expression,
            Err(error) => return Some(format!("`{name}`: `{text}` is no SPDX expression: {error}")),
        };
        let licensees = self.licensees(name);
        let allowed = expression.evaluate(|wanted| licensees.iter().any(|licensee| licensee.satisfies(wanted)));
        (!allowed).then(|| format!("`{name}` is `{text}`, which `deny.toml` does not allow"))
    }

    /// Banned, unless everybody who brings it in is a named wrapper.
    fn ban_fault(&self, name: &str, dependents: &[String]) -> Option<String> {
        let ban = self.tables("bans", "deny").find(|ban| ban["crate"].as_str() == Some(name))?;
        let wrappers = Self::strings(ban, "wrappers");
        let culprit = dependents.iter().find(|one| !wrappers.contains(one))?;
        let reason = ban.get("reason").and_then(toml::Value::as_str).unwrap_or("no reason given");
        Some(format!("`{culprit}` brings in `{name}`: {reason}"))
    }
}

struct Resolved {
    name: String,
    licence: Option<String>,
    source: Option<String>,
    dependents: Vec<String>,
}

fn resolved() -> Vec<Resolved> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let list = |value: &Value| value.as_array().expect("a list").clone();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let packages = list(&metadata["packages"]);
    let names: BTreeMap<String, String> = packages
        .iter()
        .map(|package| (text(&package["id"]).expect("an id"), text(&package["name"]).expect("a name")))
        .collect();
    let mut dependents: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for node in list(&metadata["resolve"]["nodes"]) {
        let from = &names[node["id"].as_str().expect("an id")];
        for dependency in list(&node["dependencies"]) {
            dependents.entry(text(&dependency).expect("an id")).or_default().push(from.clone());
        }
    }
    let ids = packages.iter().map(|package| text(&package["id"]).expect("an id"));
    ids.zip(&packages)
        .map(|(id, package)| Resolved {
            name: names[&id].clone(),
            licence: text(&package["license"]),
            source: text(&package["source"]),
            dependents: dependents.remove(&id).unwrap_or_default(),
        })
        .collect()
}

#[track_caller]
fn nothing_wrong(faults: &[String]) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_dependency_has_a_licence_we_allow() {
    let (rules, packages) = (Rules::read(), resolved());
    assert!(packages.len() > 200, "Cargo resolved only {} packages", packages.len());
    let foreign = packages.iter().filter(|package| package.source.is_some());
    nothing_wrong(&foreign.filter_map(|it| rules.licence_fault(&it.name, it.licence.as_deref())).collect::<Vec<_>>());
}

#[test]
fn nobody_brings_in_what_is_banned() {
    let rules = Rules::read();
    nothing_wrong(&resolved().iter().filter_map(|it| rules.ban_fault(&it.name, &it.dependents)).collect::<Vec<_>>());
}

#[test]
fn dependencies_come_from_the_registry_only() {
    let elsewhere = |it: &Resolved| it.source.as_ref().is_some_and(|source| !source.starts_with("registry+"));
    let faults = resolved().into_iter().filter(elsewhere).map(|it| format!("`{}` comes from elsewhere", it.name));
    nothing_wrong(&faults.collect::<Vec<_>>());
}

#[test]
fn the_rules_can_say_no() {
    let rules = Rules::read();
    assert!(rules.licence_fault("a", Some("MIT OR Apache-2.0")).is_none());
    assert!(rules.licence_fault("a", Some("GPL-3.0-only")).is_some());
    assert!(rules.licence_fault("a", Some("MIT AND GPL-3.0-only")).is_some());
    assert!(rules.licence_fault("a", None).is_some());
    assert!(rules.licence_fault("option-ext", Some("MPL-2.0")).is_none());
    assert!(rules.ban_fault("reqwest", &["anybody".to_owned()]).is_some());
    assert!(rules.ban_fault("chrono", &["m3u8-rs".to_owned()]).is_none());
    assert!(rules.ban_fault("chrono", &["m3u8-rs".to_owned(), "anybody".to_owned()]).is_some());
}
