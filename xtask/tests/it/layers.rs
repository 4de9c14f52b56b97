//! `bin -> services -> apis -> libs`, and the exceptions that there are none of.
//!
//! Read from the manifests, because a dependency that is declared will be used. Dev-dependencies count for the rule
//! that services do not know each other: a test that imports another service is a coupling too.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::root;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layer {
    Lib,
    Api,
    Service,
    Bin,
    Tool,
}

#[derive(Debug)]
struct Member {
    layer: Layer,
    /// With those of the build script.
    dependencies: Vec<String>,
    dev_dependencies: Vec<String>,
}

fn members() -> BTreeMap<String, Member> {
    let mut members = BTreeMap::new();
    for (folder, layer) in
        [("libs", Layer::Lib), ("apis", Layer::Api), ("services", Layer::Service), ("bin", Layer::Bin)]
    {
        for entry in fs::read_dir(root().join(folder)).expect("the layer's folder").flatten() {
            let path = entry.path();
            if path.join("Cargo.toml").exists() {
                members.insert(entry.file_name().to_string_lossy().into_owned(), member(layer, &path));
            }
        }
    }
    members.insert("xtask".into(), member(Layer::Tool, &root().join("xtask")));
    assert!(members.len() > 15, "the workspace has more members than {members:?}");
    members
}

fn member(layer: Layer, path: &Path) -> Member {
    let manifest = manifest(path);
    let names = |table: &str| -> Vec<String> {
        manifest
            .get(table)
            .and_then(|table| table.as_table())
            .map(|table| table.keys().cloned().collect())
            .unwrap_or_default()
    };
    let mut dependencies = names("dependencies");
    dependencies.extend(names("build-dependencies"));
    Member { layer, dependencies, dev_dependencies: names("dev-dependencies") }
}

fn manifest(path: &Path) -> toml::Table {
    let path = path.join("Cargo.toml");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Everything a member imports that is ours, tests included, with its layer.
fn ours<'a>(members: &'a BTreeMap<String, Member>, member: &'a Member) -> impl Iterator<Item = (&'a String, Layer)> {
    let all = member.dependencies.iter().chain(&member.dev_dependencies);
    all.filter_map(|name| members.get(name).map(|found| (name, found.layer)))
}

#[test]
fn a_folder_is_named_like_its_package() {
    for (name, member) in members() {
        let folder = match member.layer {
            Layer::Lib => "libs",
            Layer::Api => "apis",
            Layer::Service => "services",
            Layer::Bin => "bin",
            Layer::Tool => "",
        };
        let manifest = manifest(&root().join(folder).join(&name));
        assert_eq!(manifest["package"]["name"].as_str(), Some(name.as_str()));
    }
}

#[test]
fn imports_go_down_only() {
    let members = members();
    for (name, member) in &members {
        for (imported, layer) in ours(&members, member) {
            let allowed = match member.layer {
                Layer::Lib => layer == Layer::Lib,
                Layer::Api => matches!(layer, Layer::Lib | Layer::Api),
                Layer::Service => matches!(layer, Layer::Lib | Layer::Api),
                Layer::Bin => layer != Layer::Tool,
                Layer::Tool => false,
            };
            assert!(allowed, "{name} ({:?}) imports {imported} ({layer:?})", member.layer);
        }
    }
}

#[test]
fn services_speak_rest_and_never_import_each_other() {
    let members = members();
    for (name, member) in members.iter().filter(|(_, member)| member.layer == Layer::Service) {
        let others: Vec<_> = ours(&members, member).filter(|(_, layer)| *layer == Layer::Service).collect();
        assert!(others.is_empty(), "{name} imports {others:?}");
    }
}

#[test]
fn an_api_crate_imports_problems_and_the_client_and_no_other_api() {
    let members = members();
    for (name, member) in members.iter().filter(|(_, member)| member.layer == Layer::Api) {
        for imported in member.dependencies.iter().filter(|name| members.contains_key(*name)) {
            let allowed = matches!(imported.as_str(), "bijou-problem" | "bijou-client");
            assert!(allowed, "{name} imports {imported}");
        }
    }
}

#[test]
fn libraries_do_not_know_the_chassis() {
    let members = members();
    for (name, member) in members.iter().filter(|(_, member)| member.layer == Layer::Lib) {
        let knows = member.dependencies.iter().any(|name| name == "bijou-chassis");
        assert!(!knows || name == "bijou-testkit", "{name} imports bijou-chassis");
    }
}

#[test]
fn the_testkit_is_for_tests() {
    for (name, member) in members() {
        assert!(!member.dependencies.iter().any(|name| name == "bijou-testkit"), "{name} ships bijou-testkit");
    }
}

#[test]
fn frameworks_stay_where_they_belong() {
    let chassis_and_testkit = ["bijou-chassis", "bijou-testkit"];
    for (name, member) in members() {
        let has = |dependency: &str| member.dependencies.iter().any(|name| name == dependency);
        let serves = member.layer == Layer::Service || chassis_and_testkit.contains(&name.as_str());
        assert!(!has("axum") || serves, "{name} imports axum");
        let stores = member.layer == Layer::Service || name == "bijou-store";
        assert!(!has("sqlx") || stores, "{name} imports sqlx");
    }
}

#[test]
fn versions_and_features_are_named_in_the_root_only() {
    for (name, member) in members() {
        let folder = match member.layer {
            Layer::Lib => "libs",
            Layer::Api => "apis",
            Layer::Service => "services",
            Layer::Bin => "bin",
            Layer::Tool => "",
        };
        let manifest = manifest(&root().join(folder).join(&name));
        for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(table) = manifest.get(table).and_then(|table| table.as_table()) else { continue };
            for (dependency, spec) in table {
                let spec = spec.as_table().unwrap_or_else(|| panic!("{name}: `{dependency}` names a version"));
                let keys: Vec<_> = spec.keys().map(String::as_str).collect();
                assert_eq!(keys, ["workspace"], "{name}: `{dependency}`");
            }
        }
    }
}
