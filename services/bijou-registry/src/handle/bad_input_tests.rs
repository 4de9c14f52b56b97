//! What nobody should send and somebody will, as it is answered: exactly which status, with a line in the log and a header
//! that name the field, and nothing of it registered.

use bijou_eureka::{Instance, json};
use http::{Method, StatusCode};

use crate::{
    in_process::InProcess,
    settings::{Limits, Settings},
    test_log::Log,
};

/// What a registration of `body` is answered, why in the header, and what was logged of it.
fn refused(media_type: &str, path: &str, body: &[u8]) -> (StatusCode, String, Vec<String>) {
    let log = Log::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let answer = tracing::subscriber::with_default(log.clone(), || {
        runtime.block_on(async {
            let limits = Limits { metadata_bytes_max: 1000, metadata_entries_max: 10, ..Limits::default() };
            let site = InProcess::start(&Settings { limits, ..Settings::default() });
            let answer = site.ask(Method::POST, path, &[("content-type", media_type)], body).await;
            let nobody = site.ask(Method::GET, "/eureka/apps", &[("accept", "application/json")], b"").await;
            assert!(nobody.body.ends_with(br#""apps__hashcode":"","application":[]}}"#), "it was registered");
            answer
        })
    });
    assert!(answer.body.is_empty(), "clients read a body as an instance");
    let reason = answer.headers.get("bijou-reason").map(|reason| reason.to_str().expect("ASCII").to_owned());
    (answer.status, reason.unwrap_or_default(), log.take())
}

#[track_caller]
fn check_at(path: &str, media_type: &str, body: &str, status: u16, named: &str) {
    let (answered, reason, logged) = refused(media_type, path, body.as_bytes());
    assert_eq!(answered.as_u16(), status, "{reason}");
    assert!(reason.contains(named), "`{reason}` does not name `{named}`");
    let line = logged.iter().find(|line| line.contains(named));
    let line = line.unwrap_or_else(|| panic!("no line names `{named}`: {logged:?}"));
    assert!(line.contains("`ORDERS`"), "whose registration it was: {line}");
    assert!(line.len() < 600, "a line, not the document: {} bytes", line.len());
}

#[track_caller]
fn check_json(body: &str, status: u16, named: &str) {
    check_at("/eureka/apps/ORDERS", "application/json", body, status, named);
}

#[track_caller]
fn check_xml(body: &str, status: u16, named: &str) {
    check_at("/eureka/apps/ORDERS", "application/xml", body, status, named);
}

/// An honest registration in JSON, with one member more or another one.
fn json_with(name: &str, value: &str) -> String {
    let rest = [
        ("instanceId", r#""n7:orders""#),
        ("hostName", r#""n7""#),
        ("app", r#""ORDERS""#),
        ("ipAddr", r#""10.4.0.7""#),
        ("dataCenterInfo", r#"{"name":"MyOwn"}"#),
    ];
    let rest = rest.into_iter().filter(|(known, _)| *known != name);
    let members = rest.chain([(name, value)]).map(|(name, value)| format!("\"{name}\":{value}"));
    format!("{{\"instance\":{{{}}}}}", members.collect::<Vec<_>>().join(","))
}

/// The same in XML.
fn xml_with(name: &str, value: &str) -> String {
    let rest = [
        ("instanceId", "n7:orders"),
        ("hostName", "n7"),
        ("app", "ORDERS"),
        ("ipAddr", "10.4.0.7"),
        ("dataCenterInfo", "<name>MyOwn</name>"),
    ];
    let rest = rest.into_iter().filter(|(known, _)| *known != name);
    let elements = rest.chain([(name, value)]).map(|(name, value)| format!("<{name}>{value}</{name}>"));
    format!("<instance>{}</instance>", elements.collect::<String>())
}

#[test]
fn what_cannot_be_read_is_400_and_says_where_it_went_wrong() {
    check_json("", 400, "EOF");
    check_json("{", 400, "line 1 column 1");
    check_json("[]", 400, "`instance`");
    check_json(&json_with("port", r#"{"$":"http"}"#), 400, "`port` is not a port number");
    check_json(&json_with("securePort", "[]"), 400, "`securePort`");
    check_json(&json_with("lastDirtyTimestamp", r#""soon""#), 400, "`lastDirtyTimestamp` is not a number");
    check_json(&json_with("dataCenterInfo", r#"{"name":"Moon"}"#), 400, "`dataCenterInfo");
    check_xml("", 400, "ends before its root does");
    check_xml("<instance><app>ORDERS</instance>", 400, "app");
    check_xml("<registration/>", 400, "`instance`");
    check_xml(&xml_with("port", "http"), 400, "`port` is not a port number");
    check_xml(&xml_with("dataCenterInfo", "<name>Moon</name>"), 400, "`dataCenterInfo");
}

#[test]
fn bombs_are_400_at_the_cost_of_their_own_size() {
    check_json(&format!("{}1{}", "{\"a\":".repeat(20_000), "}".repeat(20_000)), 400, "recursion limit");
    check_json(&json_with("metadata", &"[".repeat(50_000)), 400, "recursion limit");
    check_xml(&"<instance>".repeat(20_000), 400, "nests deeper");
    check_xml(&xml_with("metadata", &format!("{}x", "<a>".repeat(20_000))), 400, "nests deeper");
    let laughs = (1..=9).map(|level| format!("<!ENTITY l{level} \"{}\">", format!("&l{};", level - 1).repeat(10)));
    let laughs = format!("<!DOCTYPE a [<!ENTITY l0 \"ha\">{}]>", laughs.collect::<String>());
    check_xml(&format!("{laughs}{}", xml_with("hostName", "&l9;")), 400, "document type");
    check_xml(&format!("<!DOCTYPE a SYSTEM \"file:///etc/passwd\">{}", xml_with("zone", "a")), 400, "document type");
    check_xml(&xml_with("hostName", "&l9;"), 400, "entity `l9`");
}

#[test]
fn metadata_beyond_its_limits_is_413_and_says_by_how_much() {
    let long = "x".repeat(1001);
    check_json(&json_with("metadata", &format!("{{\"note\":\"{long}\"}}")), 413, "metadata has 1005 bytes, 1000 are");
    check_xml(&xml_with("metadata", &format!("<note>{long}</note>")), 413, "metadata has 1005 bytes, 1000 are");
    let many = (0..11).map(|at| format!("\"k{at}\":\"\"")).collect::<Vec<_>>().join(",");
    check_json(&json_with("metadata", &format!("{{{many}}}")), 413, "metadata has 11 entries, 10 are");
}

#[test]
fn what_is_missing_and_who_is_in_the_wrong_place_is_400_by_name() {
    check_json(&json_with("app", r#""BASKET""#), 400, "appName, expecting ORDERS but was BASKET");
    check_xml(&xml_with("app", "BASKET"), 400, "appName, expecting ORDERS but was BASKET");
    check_at("/eureka/v2/apps/orders", "application/json", &json_with("app", r#""BASKET""#), 400, "appName");
    for (name, named) in [("hostName", "hostname"), ("ipAddr", "ip address"), ("app", "appName")] {
        check_json(&json_with(name, "\"\""), 400, &format!("Missing {named}"));
        check_xml(&xml_with(name, ""), 400, &format!("Missing {named}"));
    }
    check_json(&json_with("dataCenterInfo", "null"), 400, "Missing dataCenterInfo");
    check_at("/eureka/apps/ORDERS", "text/plain", &json_with("zone", "\"a\""), 415, "application/json or");
}

/// In a batch each is answered for itself, and an honest one beside them is taken.
#[tokio::test]
async fn in_a_batch_one_that_is_wrong_leaves_the_others() {
    let log = Log::default();
    let guard = tracing::subscriber::set_default(log.clone());
    let site = InProcess::start(&Settings::default());
    let register =
        |body: &str| format!(r#"{{"appName":"ORDERS","id":"n7:orders","action":"Register","instanceInfo":{body}}}"#);
    let bare = |document: &str| document["{\"instance\":".len()..document.len() - 1].to_owned();
    let items = [
        register(&bare(&json_with("port", r#"{"$":"http"}"#))),
        register(&bare(&json_with("app", r#""BASKET""#))),
        register(&bare(&json_with("zone", r#""a""#))),
        r#"{"appName":"ORDERS","id":"n7:orders","action":"Heartbeat","lastDirtyTimestamp":"soon"}"#.to_owned(),
        r#"{"appName":"ORDERS","id":"n7:orders","action":"Explode"}"#.to_owned(),
    ];
    let body = format!(r#"{{"replicationList":[{}]}}"#, items.join(","));
    let json = [("content-type", "application/json")];
    let answer = site.ask(Method::POST, "/eureka/peerreplication/batch/", &json, body.as_bytes()).await;
    assert_eq!(answer.status, StatusCode::OK);
    let replies = json::read_replies(&answer.body).expect("replies");
    let statuses = replies.iter().map(|reply| reply.status_code).collect::<Vec<_>>();
    assert_eq!(statuses, [400, 200, 200, 400, 400]);
    let instance = site.ask(Method::GET, "/eureka/apps/ORDERS/n7:orders", &[("accept", "application/json")], b"").await;
    let instance: Instance = json::read_instance(&instance.body).expect("it is there");
    assert_eq!(instance.app, "ORDERS");
    drop(guard);
    let logged = log.take().join("\n");
    for named in ["`port`", "expecting ORDERS but was BASKET", "`lastDirtyTimestamp`", "`action`"] {
        assert!(logged.contains(named), "no line names {named}: {logged}");
    }
}

/// What is asked of an instance is refused with a line that names the field and whose it was, as a registration is.
#[tokio::test]
async fn a_heartbeat_an_override_and_metadata_that_are_wrong_are_refused_by_name_and_change_nothing() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let limits = Limits { metadata_bytes_max: 1000, ..Limits::default() };
    let site = InProcess::start(&Settings { limits, ..Settings::default() });
    let json = [("content-type", "application/json")];
    let body = json_with("lastDirtyTimestamp", "5");
    assert_eq!(site.ask(Method::POST, "/eureka/apps/ORDERS", &json, body.as_bytes()).await.status, 204);
    let before = site.registry().instance("ORDERS", "n7:orders").expect("it is registered");
    let note = format!("metadata?note={}", "x".repeat(1001));
    let cases = [
        (Method::PUT, "?lastDirtyTimestamp=soon", 400, "a heartbeat", "`lastDirtyTimestamp` is not a number"),
        (Method::PUT, "/status?value=BUSY", 400, "an override", "BUSY"),
        (Method::PUT, "/status", 400, "an override", "`value` is missing"),
        (Method::PUT, "/status?value=DOWN&lastDirtyTimestamp=soon", 400, "an override", "`lastDirtyTimestamp`"),
        (Method::DELETE, "/status?value=BUSY", 400, "the end of an override", "BUSY"),
        (Method::PUT, &format!("/{note}"), 413, "metadata", "metadata has 1005 bytes, 1000 are allowed"),
    ];
    log.take();
    for (method, rest, status, what, named) in cases {
        let answer = site.ask(method, &format!("/eureka/apps/ORDERS/n7:orders{rest}"), &[], b"").await;
        let reason = answer.headers.get("bijou-reason").map(|reason| reason.to_str().expect("ASCII").to_owned());
        assert_eq!((answer.status.as_u16(), answer.body.len()), (status, 0), "{rest}");
        assert!(reason.expect("a reason").contains(named), "{rest}");
        let logged = log.take();
        let begin = format!("refused {what} for `ORDERS`: ");
        assert!(logged.iter().any(|line| line.starts_with(&begin) && line.contains(named)), "{rest}: {logged:?}");
    }
    assert_eq!(site.registry().instance("ORDERS", "n7:orders").expect("it is still there"), before);
}

/// A client that goes on and on gets its answers, and not the whole log.
#[tokio::test]
async fn of_a_flood_of_refusals_a_few_are_logged() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let site = InProcess::start(&Settings::default());
    for _ in 0..500 {
        let answer = site.ask(Method::PUT, "/eureka/apps/ORDERS/a?lastDirtyTimestamp=soon", &[], b"").await;
        assert_eq!(answer.status, 400);
    }
    let lines = log.take().len();
    assert!((1..100).contains(&lines), "{lines} lines");
}
