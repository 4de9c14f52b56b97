//! Both codecs against the specification's own examples, and against each other.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::{
    ActionType, Applications, DataCenter, DataCenterName, DecodeError, Instance, InstanceRef, LeaseInfo,
    PackedInstance, Port, Status, json, xml,
};

const FULL_JSON: &str = concat!(
    r#"{"instance":{"instanceId":"n7:orders:8080","hostName":"n7","app":"ORDERS","ipAddr":"10.4.0.7","status":"UP","#,
    r#""overriddenStatus":"UNKNOWN","port":{"$":8080,"@enabled":"true"},"securePort":{"$":443,"@enabled":"false"},"#,
    r#""countryId":1,"dataCenterInfo":{"@class":"com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo","name":"MyOwn"},"#,
    r#""leaseInfo":{"renewalIntervalInSecs":30,"durationInSecs":90,"registrationTimestamp":1790000000100,"#,
    r#""lastRenewalTimestamp":1790000000100,"evictionTimestamp":0,"serviceUpTimestamp":1790000000101},"#,
    r#""metadata":{"zone":"a"},"vipAddress":"orders","isCoordinatingDiscoveryServer":"false","#,
    r#""lastUpdatedTimestamp":"1790000000101","lastDirtyTimestamp":"1790000000000","actionType":"ADDED"}}"#,
);

const FULL_XML: &str = r#"<instance>
  <instanceId>n7:orders:8080</instanceId>
  <hostName>n7</hostName>
  <app>ORDERS</app>
  <ipAddr>10.4.0.7</ipAddr>
  <status>UP</status>
  <overriddenstatus>UNKNOWN</overriddenstatus>
  <port enabled="true">8080</port>
  <securePort enabled="false">443</securePort>
  <countryId>1</countryId>
  <dataCenterInfo class="com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo">
    <name>MyOwn</name>
  </dataCenterInfo>
  <leaseInfo>
    <renewalIntervalInSecs>30</renewalIntervalInSecs>
    <durationInSecs>90</durationInSecs>
    <registrationTimestamp>1790000000100</registrationTimestamp>
    <lastRenewalTimestamp>1790000000100</lastRenewalTimestamp>
    <evictionTimestamp>0</evictionTimestamp>
    <serviceUpTimestamp>1790000000101</serviceUpTimestamp>
  </leaseInfo>
  <metadata>
    <zone>a</zone>
  </metadata>
  <vipAddress>orders</vipAddress>
  <isCoordinatingDiscoveryServer>false</isCoordinatingDiscoveryServer>
  <lastUpdatedTimestamp>1790000000101</lastUpdatedTimestamp>
  <lastDirtyTimestamp>1790000000000</lastDirtyTimestamp>
  <actionType>ADDED</actionType>
</instance>"#;

const COMPACT_JSON: &str = concat!(
    r#"{"instanceId":"n7:orders:8080","app":"ORDERS","ipAddr":"10.4.0.7","vipAddress":"orders","#,
    r#""dataCenterInfo":{"@class":"com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo","name":"MyOwn"},"#,
    r#""hostName":"n7","status":"UP","lastUpdatedTimestamp":1790000000101,"actionType":"ADDED","#,
    r#""port":{"$":8080,"@enabled":"true"},"securePort":{"$":443,"@enabled":"false"}}"#,
);

fn orders() -> Instance {
    Instance {
        lease: LeaseInfo {
            registration_ms: 1_790_000_000_100,
            last_renewal_ms: 1_790_000_000_100,
            service_up_ms: 1_790_000_000_101,
            ..LeaseInfo::default()
        },
        last_updated_ms: 1_790_000_000_101,
        last_dirty_ms: 1_790_000_000_000,
        action: Some(ActionType::Added),
        ..Instance::new("orders", "n7:orders:8080", "n7", "10.4.0.7", 8080).with_metadata("zone", "a")
    }
}

fn json_of(instance: &Instance) -> String {
    let mut out = Vec::new();
    json::write_instance_document(&mut out, instance);
    String::from_utf8(out).expect("JSON is UTF-8")
}

fn xml_of(instance: &Instance, depth: usize) -> String {
    let mut out = Vec::new();
    xml::write_instance(&mut out, instance, depth);
    String::from_utf8(out).expect("XML is UTF-8")
}

#[test]
fn an_instance_is_written_byte_by_byte_as_eureka_writes_it() {
    assert_eq!(json_of(&orders()), FULL_JSON);
    assert_eq!(xml_of(&orders(), 0), FULL_XML);
    let mut compact = Vec::new();
    json::write_instance_compact(&mut compact, &orders());
    assert_eq!(String::from_utf8_lossy(&compact), COMPACT_JSON);
}

#[test]
fn what_was_written_reads_back_the_same() {
    assert_eq!(json::read_instance(FULL_JSON.as_bytes()).expect("readable"), orders());
    assert_eq!(xml::read_instance(FULL_XML.as_bytes()).expect("readable"), orders());
}

#[test]
fn an_indented_instance_has_every_line_indented() {
    let indented = xml_of(&orders(), 2);
    let expected = FULL_XML.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n");
    assert_eq!(indented, expected);
}

#[test]
fn empty_metadata_carries_javas_marker() {
    let bare = Instance { metadata: BTreeMap::new(), ..orders() };
    assert!(json_of(&bare).contains(r#""metadata":{"@class":"java.util.Collections$EmptyMap"}"#));
    assert!(xml_of(&bare, 0).contains("\n  <metadata class=\"java.util.Collections$EmptyMap\"/>\n"));
    assert_eq!(json::read_instance(json_of(&bare).as_bytes()).expect("readable"), bare);
    assert_eq!(xml::read_instance(xml_of(&bare, 0).as_bytes()).expect("readable"), bare);
}

#[test]
fn amazon_keeps_its_metadata_and_the_compact_form_a_part_of_it() {
    let metadata = [("instance-id", "i-0a"), ("availability-zone", "us-east-1c"), ("ami-id", "ami-1")];
    let metadata = metadata.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let amazon = Instance {
        data_center: Some(DataCenter { name: DataCenterName::Amazon, metadata: BTreeMap::from(metadata) }),
        ..orders()
    };
    assert!(json_of(&amazon).contains(concat!(
        r#""dataCenterInfo":{"@class":"com.netflix.appinfo.AmazonInfo","name":"Amazon","metadata":{"ami-id":"ami-1","#,
        r#""availability-zone":"us-east-1c","instance-id":"i-0a"}}"#
    )));
    assert_eq!(xml::read_instance(xml_of(&amazon, 0).as_bytes()).expect("readable"), amazon);
    let mut compact = Vec::new();
    xml::write_instance_compact(&mut compact, &amazon);
    let compact = String::from_utf8(compact).expect("XML is UTF-8");
    assert!(compact.contains("<availability-zone>us-east-1c</availability-zone>"));
    assert!(!compact.contains("ami-1"));
    assert!(!compact.contains('\n'));
}

#[test]
fn what_spring_and_python_send_is_understood() {
    let spring = concat!(
        r#"{"instance":{"instanceId":"a","app":"orders","hostName":"n7","ipAddr":"10.4.0.7","sid":"na","#,
        r#""homePageUrl":null,"appGroupName":null,"countryId":"1","port":{"$":"8080","@enabled":true},"#,
        r#""dataCenterInfo":{"name":"MyOwn"},"overriddenstatus":"OUT_OF_SERVICE","leaseInfo":null,"#,
        r#""metadata":{"@class":"java.util.Collections$EmptyMap","weight":3,"canary":true,"note":null},"#,
        r#""isCoordinatingDiscoveryServer":false,"lastDirtyTimestamp":1790000000000,"somethingNew":{"a":[1]}}}"#
    );
    let instance = json::read_instance(spring.as_bytes()).expect("readable");
    assert_eq!(instance.app, "ORDERS");
    assert_eq!(instance.sid, None);
    assert_eq!(instance.home_page_url, None);
    assert_eq!(instance.port, Port { number: 8080, enabled: true });
    assert_eq!(instance.secure_port, Port::DEFAULT_SECURE);
    assert_eq!(instance.overridden_status, Status::OutOfService);
    assert_eq!(instance.lease, LeaseInfo::new(30, 90));
    assert_eq!(instance.last_dirty_ms, 1_790_000_000_000);
    assert_eq!(instance.status, Status::Up);
    let metadata = instance.metadata.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>();
    assert_eq!(metadata, ["canary=true", "note=null", "weight=3"]);
}

#[test]
fn the_last_entry_of_a_name_counts_and_entries_are_kept_in_the_order_of_their_names() {
    let json = concat!(
        r#"{"app":"orders","appGroupName":"shop","metadata":{"b":"1","a":"2","b":{"of":"no use"},"c":null,"b":3,"a"#,
        "\\u0062",
        r#"":"4"}}"#
    );
    let json = json.as_bytes();
    let instance = json::read_instance(json).expect("readable");
    let entries = instance.metadata.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>();
    assert_eq!(entries, ["a=2", "ab=4", "b=3", "c=null"]);
    assert_eq!((instance.app.as_str(), instance.app_group_name.as_deref()), ("ORDERS", Some("SHOP")));
    let packed = json::with_instance(json, |said| PackedInstance::from(said)).expect("readable");
    assert_eq!(packed, PackedInstance::from(&instance));
}

#[test]
fn an_xml_registration_with_the_barest_members_is_filled_in() {
    let bare = "<instance><hostName>n7</hostName><app>orders</app><ipAddr>10.4.0.7</ipAddr><status>up</status>\
        <port>8080</port><securePort>8443</securePort><dataCenterInfo><name>MyOwn</name></dataCenterInfo>\
        <somethingNew><a>1</a></somethingNew><metadata><my__key_-x>v&amp;1 &lt;&#65;<![CDATA[<b>]]></my__key_-x></metadata></instance>";
    let instance = xml::read_instance(bare.as_bytes()).expect("readable");
    assert_eq!(instance.status, Status::Up);
    assert_eq!(instance.port, Port { number: 8080, enabled: true });
    assert_eq!(instance.secure_port, Port { number: 8443, enabled: false });
    assert_eq!(instance.metadata.get("my_key$x").map(String::as_str), Some("v&1 <A<b>"));
    assert_eq!(instance.lease, LeaseInfo::default());
}

#[track_caller]
fn check_refused(outcome: Result<Instance, DecodeError>, expected: &str) {
    let error = outcome.expect_err("must be refused").to_string();
    assert!(error.contains(expected), "{error}");
}

#[test]
fn what_cannot_mean_anything_is_refused_by_name() {
    let json = |members: &str| json::read_instance(format!(r#"{{"instance":{{{members}}}}}"#).as_bytes());
    check_refused(json(r#""port":{"$":3000000000}"#), "`port` is not a port number");
    check_refused(json(r#""countryId":"one""#), "`countryId` is not a number");
    check_refused(json(r#""dataCenterInfo":{"name":"Mine"}"#), "`dataCenterInfo.name`");
    check_refused(json(r#""leaseInfo":7"#), "`leaseInfo` is not an object");
    check_refused(json::read_instance(b"{\"instance\":"), "not a well-formed document");
    check_refused(json::read_instance(b"[]"), "expected `instance`");
    check_refused(xml::read_instance(b"<application/>"), "expected `instance`");
    check_refused(xml::read_instance(b"<instance><port>x</port></instance>"), "`port` is not a port number");
    check_refused(xml::read_instance(b"<instance><app>"), "not a well-formed document");
    check_refused(xml::read_instance(b"<instance></app>"), "not a well-formed document");
}

#[test]
fn bombs_are_refused() {
    let entities = r#"<!DOCTYPE a [<!ENTITY b "bbbb">]><instance><app>&b;</app></instance>"#;
    check_refused(xml::read_instance(entities.as_bytes()), "document type");
    check_refused(xml::read_instance(b"<instance><app>&b;</app></instance>"), "entity `b`");
    let deep = "<instance>".repeat(10_000);
    check_refused(xml::read_instance(deep.as_bytes()), "nests deeper");
    let deep = "[".repeat(10_000);
    check_refused(json::read_instance(deep.as_bytes()), "recursion limit");
}

#[test]
fn lists_are_read_in_both_forms_and_a_single_object_counts_as_a_list() {
    let list = format!(
        r#"{{"applications":{{"versions__delta":17,"apps__hashcode":"UP_1_","application":{{"name":"ORDERS","instance":{}}}}}}}"#,
        &FULL_JSON[12..FULL_JSON.len() - 1]
    );
    let from_json = json::read_applications(list.as_bytes()).expect("readable");
    let list = format!(
        "<applications><versions__delta>17</versions__delta><apps__hashcode>UP_1_</apps__hashcode><application>\
         <name>ORDERS</name>{FULL_XML}</application></applications>"
    );
    let from_xml = xml::read_applications(list.as_bytes()).expect("readable");
    assert_eq!(from_json, from_xml);
    assert_eq!((from_json.version.as_str(), from_json.hash_code.as_str()), ("17", "UP_1_"));
    assert_eq!(from_json.applications[0].instances, [orders()]);
    let empty = br#"{"applications":{"versions__delta":"1","apps__hashcode":"","application":[]}}"#;
    let expected = Applications { version: "1".to_owned(), ..Applications::default() };
    assert_eq!(json::read_applications(empty).expect("readable"), expected);
}

#[test]
fn watch_events_are_read_and_unknown_ones_passed_over() {
    let snapshot = format!(
        r#"{{"epoch":"e1","revision":3,"applications":[{{"name":"ORDERS","instance":[{}]}}]}}"#,
        &FULL_JSON[12..FULL_JSON.len() - 1]
    );
    let Ok(Some(json::WatchEvent::Snapshot { epoch, revision, applications, is_filtered: false })) =
        json::read_watch_event("snapshot", &snapshot)
    else {
        panic!("not read as a snapshot");
    };
    assert_eq!((epoch.as_str(), revision, applications.len()), ("e1", 3, 1));
    let change = format!(r#"{{"revision":4,"kind":"remove","instance":{}}}"#, &FULL_JSON[12..FULL_JSON.len() - 1]);
    let expected = json::WatchEvent::Change { revision: 4, is_removal: true, instance: Box::new(orders()) };
    assert_eq!(json::read_watch_event("change", &change).expect("readable"), Some(expected));
    assert_eq!(json::read_watch_event("weather", "{}").expect("passed over"), None);
    assert!(json::read_watch_event("change", r#"{"kind":"upsert"}"#).is_err());
}

/// Text that both forms can hold: XML 1.0 has no way to say most control characters.
fn text() -> impl Strategy<Value = String> {
    "[^\u{0}-\u{8}\u{b}\u{c}\u{e}-\u{1f}\u{fffe}\u{ffff}]{0,12}"
}

prop_compose! {
    fn any_instance()(
        (id, host, app) in (text(), text(), "[A-Z][A-Z0-9-]{0,8}"),
        status in proptest::sample::select(Status::ALL.to_vec()),
        overridden in proptest::sample::select(Status::ALL.to_vec()),
        (port, secure) in (any::<(i32, bool)>(), any::<(i32, bool)>()),
        metadata in proptest::collection::btree_map(text().prop_filter("Java's marker", |key| key != "@class"), text(), 0..4),
        times in any::<[u32; 6]>(),
        (vip, page, asg) in (proptest::option::of(text()), proptest::option::of(text()), proptest::option::of(text())),
        is_coordinating in any::<bool>(),
    ) -> Instance {
        Instance {
            status,
            overridden_status: overridden,
            port: Port { number: port.0, enabled: port.1 },
            secure_port: Port { number: secure.0, enabled: secure.1 },
            metadata,
            lease: LeaseInfo {
                registration_ms: times[0].into(),
                last_renewal_ms: times[1].into(),
                eviction_ms: times[2].into(),
                service_up_ms: times[3].into(),
                ..LeaseInfo::new(times[4].max(1), times[5].max(1))
            },
            vip_address: vip,
            home_page_url: page,
            asg_name: asg,
            is_coordinating,
            last_dirty_ms: times[0].into(),
            ..Instance::new(&app, &id, &host, "10.4.0.7", 1)
        }
    }
}

proptest! {
    #[test]
    fn every_instance_survives_json(instance in any_instance()) {
        let json = json_of(&instance);
        // A renewal time of 0 is read from the legacy member instead, which is 0 too.
        prop_assert_eq!(&json::read_instance(json.as_bytes()).expect("readable"), &instance);
        let packed = json::with_instance(json.as_bytes(), |said| PackedInstance::from(said)).expect("readable");
        prop_assert_eq!(packed, PackedInstance::from(&instance));
    }

    #[test]
    fn every_instance_survives_xml(instance in any_instance(), depth in 0_usize..3) {
        prop_assert_eq!(xml::read_instance(xml_of(&instance, depth).as_bytes()).expect("readable"), instance);
    }

    #[test]
    fn a_packed_instance_says_what_the_instance_says(
        instance in any_instance(),
        amazon in proptest::option::of(proptest::collection::btree_map(text(), text(), 1..4)),
        long in "[a-z]{0,300}",
    ) {
        let data_center = amazon.map(|metadata| DataCenter { name: DataCenterName::Amazon, metadata });
        let instance = Instance { data_center, ..instance }.with_metadata("long", long);
        let packed = PackedInstance::from(&instance);
        prop_assert_eq!(packed.to_instance(), instance.clone());
        prop_assert_eq!((packed.app(), packed.id()), (instance.app.as_str(), instance.id()));
        let addresses = (packed.vip_address(), packed.secure_vip_address());
        prop_assert_eq!(addresses, (instance.vip_address.as_deref(), instance.secure_vip_address.as_deref()));
        let look = InstanceRef::from(&packed);
        prop_assert_eq!((look.zone(), look.metadata.get("long")), (instance.zone(), instance.metadata.get("long").map(String::as_str)));
        let mut written = Vec::new();
        json::write_instance_document(&mut written, &packed);
        prop_assert_eq!(written, json_of(&instance).into_bytes());
    }

    #[test]
    fn no_bytes_make_a_decoder_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = json::read_instance(&bytes);
        let _ = xml::read_instance(&bytes);
    }

    #[test]
    fn no_text_near_a_document_makes_a_decoder_panic(cut in 0..FULL_XML.len(), byte in any::<u8>()) {
        let mut bytes = FULL_XML.as_bytes().to_vec();
        bytes[cut] = byte;
        let _ = xml::read_instance(&bytes);
        let mut bytes = FULL_JSON.as_bytes().to_vec();
        let at = cut % bytes.len();
        bytes[at] = byte;
        let _ = json::read_instance(&bytes);
    }
}

#[test]
fn versions_that_say_the_same_share_it_and_differ_in_what_changed() {
    let first = PackedInstance::from(&orders());
    let mut later = PackedInstance::from(&Instance { last_dirty_ms: 7, status: Status::Down, ..orders() });
    assert!(later.says_the_same(&first) && later != first);
    later.share_with(&first);
    assert_eq!(later.app().as_ptr(), first.app().as_ptr());
    let mut other = PackedInstance::from(&Instance { host_name: "elsewhere".to_owned(), ..orders() });
    assert!(!other.says_the_same(&first));
    other.share_with(&first);
    assert_eq!(InstanceRef::from(&other).host_name, "elsewhere");
}

#[test]
fn texts_are_written_as_json_has_them_whatever_is_in_them_and_wherever() {
    let check = |text: &str| {
        let mut out = Vec::new();
        json::write_text(&mut out, text);
        assert_eq!(String::from_utf8_lossy(&out), serde_json::to_string(text).expect("text"));
    };
    for odd in (0..=0x7f_u8).map(char::from).chain(['\u{80}', '\u{a2}', '\u{ff}', '\u{2028}', '\u{10ffff}']) {
        for length in 0..20 {
            for at in 0..=length {
                check(&format!("{}{odd}{}", "a".repeat(at), "~".repeat(length - at)));
            }
        }
    }
}
