//! Layers as a whole: order, origins, and the wording of mistakes.

use std::io::Write as _;
use std::path::PathBuf;

use serde::Deserialize;

use super::*;

const DEFAULTS: &str = r#"
[data]
dir = "data"
[catalog]
listen = "127.0.0.1:0"
operator_token = ""
ratio = 0.5
roles = []
[catalog.limits]
in_flight_max = 64
[[gateway.routes]]
path = "/v1/titles"
[labels]
"#;

#[derive(Debug, Deserialize, PartialEq)]
struct Limits {
    in_flight_max: u16,
}

struct Given {
    files: Vec<PathBuf>,
    env: Vec<(String, String)>,
    overrides: Vec<(String, String)>,
    _folder: tempfile::TempDir,
}

impl Given {
    fn file(text: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("own.toml");
        std::fs::File::create(&path).and_then(|mut file| file.write_all(text.as_bytes())).expect("a written file");
        Self { files: vec![path], env: Vec::new(), overrides: Vec::new(), _folder: folder }
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    fn flag(mut self, path: &str, value: &str) -> Self {
        self.overrides.push((path.to_owned(), value.to_owned()));
        self
    }

    fn load(&self) -> Result<Layered, ConfigError> {
        Layered::load(DEFAULTS, &self.files, self.env.iter().cloned(), &self.overrides)
    }
}

#[track_caller]
fn check_fault(given: Given, expected: &[&str]) {
    let error = given.load().expect_err("a mistake was made").to_string();
    for part in expected {
        assert!(error.contains(part), "`{part}` is missing in: {error}");
    }
}

#[test]
fn each_layer_covers_the_one_below() {
    let given = Given::file("[catalog.limits]\nin_flight_max = 1\n");
    let limits = |given: &Given| given.load().expect("valid").section::<Limits>("catalog.limits").expect("valid");
    assert_eq!(limits(&given).in_flight_max, 1);
    let given = given.env("BIJOU_CATALOG__LIMITS__IN_FLIGHT_MAX", "2");
    assert_eq!(limits(&given).in_flight_max, 2);
    let given = given.flag("catalog.limits.in_flight_max", "3");
    assert_eq!(limits(&given).in_flight_max, 3);
}

#[test]
fn an_unknown_setting_names_file_line_and_what_was_meant() {
    check_fault(
        Given::file("[catalog]\n\nlissen = 'x'\n"),
        &["unknown setting `catalog.lissen`", "own.toml:3", "did you mean `catalog.listen`?"],
    );
    check_fault(
        Given::file("").env("BIJOU_CATALOG__IN_FLIGHT_MAX", "1"),
        &["environment BIJOU_CATALOG__IN_FLIGHT_MAX", "did you mean `catalog.limits.in_flight_max`?"],
    );
    check_fault(Given::file("").flag("nonsense", "1"), &["unknown setting `nonsense` (flag for nonsense)"]);
}

#[test]
fn all_mistakes_are_reported_together() {
    let error = Given::file("[catalog]\nlisten = 1\nratio = 'x'\n[nothing]\n").load().expect_err("three mistakes");
    assert_eq!(error.faults.len(), 3, "{error}");
}

#[test]
fn a_value_of_another_type_is_refused() {
    check_fault(Given::file("[catalog]\nlisten = 5\n"), &["`catalog.listen` must be a string, not an integer", ":2)"]);
    check_fault(
        Given::file("").env("BIJOU_CATALOG__LIMITS__IN_FLIGHT_MAX", "many"),
        &["must be an integer, not `many`"],
    );
    check_fault(Given::file("catalog = 5"), &["`catalog` must be a table"]);
}

#[test]
fn a_whole_number_is_a_number() {
    let loaded = Given::file("[catalog]\nratio = 1\n").load().expect("valid");
    assert_eq!(loaded.get("catalog.ratio").and_then(Value::as_float), Some(1.0));
}

#[test]
fn what_a_section_refuses_is_named_with_its_origin() {
    let loaded = Given::file("[catalog.limits]\nin_flight_max = -1\n").load().expect("an integer is an integer");
    let error = loaded.section::<Limits>("catalog.limits").expect_err("negative").to_string();
    assert!(error.contains("`catalog.limits.in_flight_max` is not accepted"), "{error}");
    assert!(error.contains("own.toml:2"), "{error}");
}

#[test]
fn a_list_is_replaced_as_a_whole_and_checked_by_its_section() {
    #[derive(Debug, Deserialize)]
    struct Gateway {
        routes: Vec<Route>,
    }
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Route {
        path: String,
    }
    let loaded =
        Given::file("[[gateway.routes]]\npath = '/a'\n[[gateway.routes]]\npath = '/b'\n").load().expect("valid");
    let gateway: Gateway = loaded.section("gateway").expect("valid");
    assert_eq!(gateway.routes.iter().map(|route| route.path.as_str()).collect::<Vec<_>>(), ["/a", "/b"]);

    let loaded = Given::file("[[gateway.routes]]\npaht = '/a'\n").load().expect("free-form");
    let error = loaded.section::<Gateway>("gateway").expect_err("a typo").to_string();
    assert!(error.contains("gateway.routes[0]") && error.contains("paht"), "{error}");
}

#[test]
fn a_list_can_be_given_as_words() {
    let loaded = Given::file("").env("BIJOU_CATALOG__ROLES", "a, b").load().expect("valid");
    let roles: Vec<_> = loaded.get("catalog.roles").and_then(Value::as_array).into_iter().flatten().collect();
    assert_eq!(roles, [&Value::from("a"), &Value::from("b")]);
}

#[test]
fn an_empty_table_takes_anything() {
    let loaded = Given::file("[labels]\nregion = 'north'\n").load().expect("valid");
    assert_eq!(loaded.get("labels.region").and_then(Value::as_str), Some("north"));
}

#[test]
fn a_broken_document_says_where() {
    check_fault(Given::file("[catalog\n"), &["cannot read the configuration", "own.toml", "line 1"]);
}

#[test]
fn print_shows_values_with_origins_and_hides_secrets() {
    let printed = Given::file("[catalog]\noperator_token = 'hush'\n")
        .env("BIJOU_DATA_DIR", "/srv/bijou")
        .load()
        .expect("valid")
        .print();
    assert!(printed.contains("dir = \"/srv/bijou\"  # environment BIJOU_DATA_DIR"), "{printed}");
    assert!(printed.contains("in_flight_max = 64  # default"), "{printed}");
    assert!(printed.contains("operator_token = \"***\""), "{printed}");
    assert!(!printed.contains("hush"), "{printed}");
    printed.parse::<Table>().expect("what is printed is TOML");
}
