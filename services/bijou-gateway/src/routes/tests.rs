//! Tables built from configuration, and what they find.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::config::tests::default_config;

fn table(routes: &str) -> Result<RouteTable, InvalidConfig> {
    #[derive(serde::Deserialize)]
    struct Routes {
        routes: Vec<RouteConfig>,
    }
    let mut config = default_config();
    config.routes = toml::from_str::<Routes>(routes).expect("a list of routes").routes;
    RouteTable::compile(&config, &Stats::new(1))
}

const ROUTES: &str = r#"
    [[routes]]
    id = "titles"
    paths = ["/v1/titles"]
    app = "CATALOG"
    [[routes]]
    id = "rating"
    paths = ["/v1/titles/ratings"]
    app = "RATINGS"
    [[routes]]
    id = "sign-in"
    paths = ["/v1/sessions"]
    methods = ["post"]
    app = "IDENTITY"
    [[routes]]
    id = "sessions"
    paths = ["/v1/sessions"]
    app = "IDENTITY"
    access = "signed-in"
    [[routes]]
    id = "partner-host"
    hosts = ["partner.example"]
    paths = ["/v1"]
    app = "PARTNERS"
    [[routes]]
    id = "any-sub"
    hosts = ["*.example"]
    paths = ["/"]
    urls = ["http://127.0.0.1:9000"]
    [[routes]]
    id = "upload"
    paths = ["/upload"]
    methods = ["PUT"]
    app = "CATALOG"
"#;

#[track_caller]
fn check(host: &str, method: Method, path: &str, expected: &str) {
    let table = table(ROUTES).expect("these are right");
    let found = match table.lookup(host, path, &method) {
        Lookup::Found(route) => route.id.to_string(),
        Lookup::OtherMethods(methods) => format!("only {methods:?}"),
        Lookup::Nothing => "nothing".to_owned(),
    };
    assert_eq!(found, expected, "{method} {host}{path}");
}

#[test]
fn the_longest_prefix_of_whole_segments_wins() {
    check("", Method::GET, "/v1/titles", "titles");
    check("", Method::GET, "/v1/titles/", "titles");
    check("", Method::GET, "/v1/titles/x", "titles");
    check("", Method::GET, "/v1/titles/ratings/x", "rating");
    check("", Method::GET, "/v1/titlesque", "nothing");
    check("", Method::GET, "/v1", "nothing");
    check("", Method::GET, "/", "nothing");
}

#[test]
fn methods_choose_between_routes_of_one_prefix() {
    check("", Method::POST, "/v1/sessions", "sign-in");
    check("", Method::DELETE, "/v1/sessions/current", "sessions");
    check("", Method::GET, "/upload", "only [PUT]");
}

#[test]
fn an_exact_host_goes_before_a_wildcard_and_that_before_any() {
    check("partner.example", Method::GET, "/v1/titles", "partner-host");
    check("partner.example", Method::GET, "/other", "any-sub");
    check("a.b.example", Method::GET, "/v1/titles", "any-sub");
    check("example", Method::GET, "/v1/titles", "titles");
}

#[test]
fn mistakes_are_named() {
    let route = |rest: &str| format!("[[routes]]\nid = \"a\"\n{rest}");
    for (text, expected) in [
        (route("paths = [\"/x\"]"), "`gateway.routes[0]` needs either"),
        (route("paths = []\napp = \"A\""), "routes[0].paths` is empty"),
        (route("paths = [\"/x/\"]\napp = \"A\""), "write `/x`"),
        (route("paths = [\"/a//b\"]\napp = \"A\""), "write `/a/b`"),
        (route("paths = [\"x\"]\napp = \"A\""), "does not begin with a slash"),
        (route("paths = [\"/readyz\"]\napp = \"A\""), "which the gateway answers itself"),
        (route("paths = [\"/x\"]\napp = \"A B\""), "no application name"),
        (route("paths = [\"/x\"]\nurls = [\"https://a\"]"), "expected `http://address:port`"),
        (route("paths = [\"/x\"]\napp = \"A\"\nrate_limit = \"none\""), "which `gateway.rate_limits` does not have"),
        (route("paths = [\"/x\"]\napp = \"A\"\nhosts = [\"a:80\"]"), "a host without port"),
        (route("paths = [\"/x\"]\napp = \"A\"\nmethods = [\"G T\"]"), "routes[0].methods"),
        (route("paths = [\"/x\", \"/x\"]\napp = \"A\""), "which route `a` has too"),
        (
            format!("{}\n{}", route("paths = [\"/x\"]\napp = \"A\""), route("paths = [\"/y\"]\napp = \"A\"")),
            "used twice",
        ),
    ] {
        let error = table(&text).expect_err(&text).to_string();
        assert!(error.contains(expected), "{error}\nfor\n{text}");
    }
}

#[test]
fn the_audience_is_who_answers_who_is_called_and_who_authorises() {
    let table = table(
        "[[routes]]\nid = \"a\"\npaths = [\"/x\"]\napp = \"catalog\"\ncalls = [\"playback\"]\nauthorizer = \"rules/check\"",
    )
    .expect("right");
    let route = &table.routes()[0];
    assert_eq!(*route.audience, ["CATALOG", "PLAYBACK", "RULES"]);
    assert_eq!(route.authorizer.as_ref().map(|one| one.path.as_str()), Some("/check"));
}

#[test]
fn the_default_routes_are_right_and_reserve_their_paths() {
    let table = RouteTable::compile(&default_config(), &Stats::new(1)).expect("the defaults are right");
    assert!(table.claims_first_segment("/img/x"));
    assert!(!table.claims_first_segment("/title/x"));
    let found = |method: &str, path: &str| match table.lookup("localhost", path, &method.parse().expect("a method")) {
        Lookup::Found(route) => (route.id.to_string(), route.access),
        other => panic!("{other:?}"),
    };
    assert_eq!(found("POST", "/v1/sessions"), ("identity-sign-in".to_owned(), Access::Public));
    assert_eq!(found("GET", "/v1/accounts/me"), ("identity".to_owned(), Access::SignedIn));
    assert_eq!(found("DELETE", "/v1/sessions/current"), ("identity".to_owned(), Access::SignedIn));
    assert_eq!(found("POST", "/oauth/token"), ("identity-oauth".to_owned(), Access::Public));
    assert_eq!(found("GET", "/v1/home"), ("recommendations".to_owned(), Access::Public));
    assert_eq!(found("POST", "/v1/playbacks"), ("playback".to_owned(), Access::SignedIn));
    assert_eq!(found("GET", "/s/a/b/c.m4s"), ("segments".to_owned(), Access::Public));
}

proptest! {
    #[test]
    fn what_is_found_covers_the_path_and_nothing_longer_does(
        prefixes in prop::collection::btree_set("(/[ab]{1,2}){1,3}", 1..8), path in "(/[ab]{1,2}){0,4}/?",
    ) {
        let mut text = String::new();
        for (n, prefix) in prefixes.iter().enumerate() {
            writeln!(text, "[[routes]]\nid = \"{n}\"\npaths = [\"{prefix}\"]\napp = \"A\"").expect("writing to a String cannot fail");
        }
        let table = table(&text).expect("these are right");
        let path = if path.is_empty() { "/".to_owned() } else { path };
        let covers = |prefix: &str| path == prefix || path.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('/'));
        let expected = prefixes.iter().filter(|prefix| covers(prefix)).max_by_key(|prefix| prefix.len());
        match table.lookup("", &path, &Method::GET) {
            Lookup::Found(route) => prop_assert_eq!(Some(&route.config.paths[0]), expected),
            Lookup::Nothing => prop_assert_eq!(None, expected),
            Lookup::OtherMethods(_) => prop_assert!(false),
        }
    }
}
