//! Documents nobody should send, and somebody will: both decoders answer each within its size, by name or not at all.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::{DecodeError, Instance, json, xml};

/// What an honest registration looks like, in pieces that can be put together wrongly.
const NAMES: [&str; 16] = [
    "instance",
    "instanceId",
    "hostName",
    "app",
    "ipAddr",
    "status",
    "overriddenStatus",
    "port",
    "securePort",
    "countryId",
    "dataCenterInfo",
    "leaseInfo",
    "metadata",
    "lastDirtyTimestamp",
    "actionType",
    "@class",
];

fn any_json(depth: u32) -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(|number| serde_json::json!(number)),
        prop_oneof!["[a-zA-Z0-9_$@<>&\"']{0,12}", Just("MyOwn".to_owned()), Just("UP".to_owned()), ".{0,8}"]
            .prop_map(Into::into),
    ];
    leaf.prop_recursive(depth, 64, 8, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            proptest::collection::vec((proptest::sample::select(&NAMES[..]), inner), 0..8).prop_map(|members| {
                members
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect::<serde_json::Map<_, _>>()
                    .into()
            }),
        ]
    })
}

/// The same in XML; text is put in unescaped, so that much of it is not well formed.
fn as_xml(out: &mut String, name: &str, value: &serde_json::Value) {
    let name = name.replace('@', "_");
    *out += &["<", &name, ">"].concat();
    match value {
        serde_json::Value::Object(members) => members.iter().for_each(|(name, value)| as_xml(out, name, value)),
        serde_json::Value::Array(values) => values.iter().for_each(|value| as_xml(out, &name, value)),
        serde_json::Value::String(text) => out.push_str(text),
        other => out.push_str(&other.to_string()),
    }
    *out += &["</", &name, ">"].concat();
}

fn written_again(instance: &Instance) {
    let mut out = Vec::new();
    json::write_instance_document(&mut out, instance);
    let from_json = json::read_instance(&out).expect("what we write, we read");
    out.clear();
    xml::write_instance(&mut out, instance, 0);
    xml::read_instance(&out).expect("what we write, we read");
    // A renewal time of 0 may be told by the legacy name only; all else is as it was.
    assert_eq!(from_json.app, instance.app);
    assert_eq!(from_json.metadata, instance.metadata);
}

proptest! {
    #[test]
    fn whatever_json_is_understood_can_be_written_and_read_again(value in any_json(5)) {
        let document = serde_json::json!({ "instance": value }).to_string();
        if let Ok(instance) = json::read_instance(document.as_bytes()) {
            written_again(&instance);
        }
        let list = serde_json::json!({ "applications": { "application": value } }).to_string();
        let _ = json::read_applications(list.as_bytes());
        let batch = serde_json::json!({ "replicationList": [value] }).to_string();
        prop_assert_eq!(json::read_replication(batch.as_bytes()).expect("a batch").len(), 1);
    }

    #[test]
    fn whatever_xml_is_understood_can_be_written_and_read_again(value in any_json(5)) {
        let mut document = String::new();
        as_xml(&mut document, "instance", &value);
        if let Ok(instance) = xml::read_instance(document.as_bytes()) {
            written_again(&instance);
        }
        let _ = xml::read_applications(format!("<applications><application>{document}</application></applications>").as_bytes());
    }
}

#[track_caller]
fn check_refused(outcome: Result<Instance, DecodeError>, expected: &str) {
    let error = outcome.expect_err("must be refused").to_string();
    assert!(error.contains(expected), "{error}");
    assert!(error.len() < 400, "an error is a line, not the document: {} bytes", error.len());
}

#[test]
fn bombs_cost_no_more_than_their_own_size() {
    let began = Instant::now();
    let laughs = (1..=9).map(|level| format!("<!ENTITY l{level} \"{}\">", format!("&l{};", level - 1).repeat(10)));
    let laughs =
        format!("<!DOCTYPE a [<!ENTITY l0 \"ha\">{}]><instance><app>&l9;</app></instance>", laughs.collect::<String>());
    check_refused(xml::read_instance(laughs.as_bytes()), "document type");
    check_refused(xml::read_instance(b"<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><instance/>"), "document type");
    check_refused(xml::read_instance("<instance>".repeat(100_000).as_bytes()), "nests deeper");
    let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    check_refused(json::read_instance(deep.as_bytes()), "recursion limit");
    check_refused(json::read_instance("[".repeat(1_000_000).as_bytes()), "recursion limit");
    // A million attributes, elements and members: long, but only as long as they are.
    let attributes = format!("<instance {}/>", (0..20_000).map(|at| format!("a{at}=''")).collect::<Vec<_>>().join(" "));
    assert!(xml::read_instance(attributes.as_bytes()).is_ok());
    let wide = format!("<instance>{}</instance>", "<x/>".repeat(200_000));
    assert!(xml::read_instance(wide.as_bytes()).is_ok());
    let members = (0..100_000).map(|at| format!("\"k{at}\":{at}")).collect::<Vec<_>>().join(",");
    let many = json::read_instance(format!("{{\"instance\":{{\"metadata\":{{{members}}}}}}}").as_bytes());
    assert_eq!(many.expect("only long").metadata.len(), 100_000);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn of_members_that_come_twice_one_counts_and_nothing_is_mixed() {
    let twice = br#"{"instance":{"app":"orders","app":"basket","hostName":"n7","port":{"$":1},"port":{"$":2}}}"#;
    let instance = json::read_instance(twice).expect("readable");
    assert_eq!((instance.app.as_str(), instance.port.number), ("BASKET", 2));
    let twice = b"<instance><app>orders</app><app>basket</app><port>1</port><port>2</port></instance>";
    let instance = xml::read_instance(twice).expect("readable");
    assert_eq!((instance.app.as_str(), instance.port.number), ("ORDERS", 1));
}

#[test]
fn numbers_beyond_reason_are_refused_by_name_or_fall_back_to_what_they_default_to() {
    let json = |members: &str| json::read_instance(format!(r#"{{"instance":{{{members}}}}}"#).as_bytes());
    check_refused(json(r#""lastDirtyTimestamp":"1e400""#), "`lastDirtyTimestamp` is not a number");
    check_refused(json(r#""lastDirtyTimestamp":99999999999999999999999"#), "`lastDirtyTimestamp`");
    check_refused(json(r#""port":{"$":-2147483649}"#), "`port` is not a port number");
    check_refused(json(r#""port":{"@enabled":"true"}"#), "`port` has no number");
    check_refused(json(r#""port":[8080]"#), "`port`");
    assert_eq!(json(r#""lastDirtyTimestamp":-5"#).expect("readable").last_dirty_ms, 0);
    let lease = json(r#""leaseInfo":{"durationInSecs":-1,"renewalIntervalInSecs":0}"#).expect("readable").lease;
    assert_eq!((lease.duration_s, lease.renewal_interval_s), (90, 30));
    let lease = json(r#""leaseInfo":{"durationInSecs":99999999999}"#).expect("readable").lease;
    assert_eq!(lease.duration_s, 90);
}

#[test]
fn an_instance_that_cannot_be_understood_leaves_the_others_in_the_list() {
    let json = br#"{"applications":{"application":[{"name":"ORDERS","instance":[
        {"instanceId":"a","app":"ORDERS","port":{"$":8080}},{"instanceId":"b","app":"ORDERS","port":{"$":"http"}},
        {"instanceId":"c","app":"ORDERS","dataCenterInfo":{"name":"Moon"}},{"instanceId":"d","app":"ORDERS"}]}]}}"#;
    let xml = b"<applications><application><name>ORDERS</name><instance><instanceId>a</instanceId></instance>\
        <instance><instanceId>b</instanceId><port>http</port></instance>\
        <instance><instanceId>d</instanceId></instance></application></applications>";
    for list in [json::read_applications(json), xml::read_applications(xml)] {
        let list = list.expect("a list");
        let ids = list.applications[0].instances.iter().map(|instance| instance.instance_id.as_str());
        assert_eq!(ids.collect::<Vec<_>>(), ["a", "d"]);
    }
    // Alone it is refused by name, so that whoever registers it learns why.
    check_refused(json::read_instance(br#"{"instance":{"port":{"$":"http"}}}"#), "`port` is not a port number");
}

#[test]
fn a_watch_goes_on_over_an_instance_that_cannot_be_understood() {
    let change = r#"{"revision":7,"kind":"upsert","instance":{"instanceId":"b","app":"ORDERS","port":{"$":"http"}}}"#;
    let Ok(Some(json::WatchEvent::Change { revision, is_removal, instance })) =
        json::read_watch_event("change", change)
    else {
        panic!("not a change");
    };
    assert_eq!((revision, is_removal), (7, true));
    assert_eq!((instance.app.as_str(), instance.id()), ("ORDERS", "b"));
}

#[test]
fn ports_that_java_carries_are_carried_and_not_called() {
    for port in [-1, 0, 70_000] {
        let text =
            format!(r#"{{"instance":{{"app":"orders","ipAddr":"10.4.0.7","port":{{"$":{port},"@enabled":"true"}}}}}}"#);
        let instance = json::read_instance(text.as_bytes()).expect("an instance");
        assert_eq!(instance.port.number, port);
        assert!(crate::Endpoint::of(&instance).is_none(), "{port}");
    }
}
