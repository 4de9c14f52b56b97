//! The status page beside what a stock server's tells: the same members in the same order, and our own entry in it.

use bijou_eureka::{Instance, xml};
use http::Method;

use super::*;
use crate::{
    in_process::{InProcess, entry},
    leases::Origin,
    settings::Settings,
};

async fn page(site: &InProcess, accept: &str) -> String {
    let answer = site.ask(Method::GET, "/eureka/v2/status", &[("accept", accept)], b"").await;
    assert_eq!(answer.status, StatusCode::OK);
    String::from_utf8(answer.body.to_vec()).expect("text")
}

/// Whether all of `parts` stand in `text`, in this order.
#[track_caller]
fn check_order(text: &str, parts: &[&str]) {
    let mut from = 0;
    for part in parts {
        let at = text[from..].find(part).unwrap_or_else(|| panic!("no `{part}` where it belongs in {text}"));
        from += at + part.len();
    }
}

#[tokio::test(start_paused = true)]
async fn it_tells_what_a_stock_server_tells_in_json_and_in_xml() {
    let site = InProcess::start(&Settings::default());
    let names = ["num-of-cpus", "total-avail-memory", "current-memory-usage", "server-uptime"];
    let page_json = page(&site, "application/json").await;
    let read: serde_json::Value = serde_json::from_str(&page_json).expect("well formed");
    assert_eq!(read.as_object().expect("an object").len(), 4);
    assert_eq!(read["generalStats"].as_object().expect("an object").len(), 4);
    check_order(&page_json, &["generalStats", names[0], names[1], names[2], names[3], "applicationStats"]);
    check_order(&page_json, &["applicationStats", "instanceInfo", r#""healthy":true}"#]);
    let usage = read["generalStats"]["current-memory-usage"].as_str().expect("a text");
    assert!(usage.ends_with("%)") && usage.contains("mb ("), "{usage}");
    assert_eq!(read["generalStats"]["server-uptime"], "00:00");

    let page_xml = page(&site, "application/xml").await;
    let tags = names.map(|name| format!("    <{name}>"));
    check_order(&page_xml, &["  <generalStats>", &tags[0], &tags[1], &tags[2], &tags[3], "  </generalStats>"]);
    check_order(
        &page_xml,
        &["  <applicationStats>", "registered-replicas", "available-replicas", "  <instanceInfo>\n"],
    );
    check_order(&page_xml, &["    <lastDirtyTimestamp>", "\n  </instanceInfo>\n  <healthy>true</healthy>\n</com."]);
}

#[tokio::test(start_paused = true)]
async fn our_own_entry_is_in_it_as_it_stands_in_the_registry() {
    let site = InProcess::start(&Settings::default());
    let shown = async || -> Instance {
        let page_json: serde_json::Value =
            serde_json::from_str(&page(&site, "application/json").await).expect("well formed");
        let shown = serde_json::json!({ "instance": page_json["instanceInfo"] });
        json::read_instance(shown.to_string().as_bytes()).expect("an instance")
    };
    assert_eq!((shown().await.id(), shown().await.lease.registration_ms), (entry().id(), 0));

    site.registry().register(entry(), Origin::Client);
    site.registry().override_status(&entry().app, entry().id(), Origin::Client, bijou_eureka::Status::Down, None);
    let registered = site.registry().instance(&entry().app, entry().id()).expect("it is registered");
    assert_eq!(shown().await, registered);
    assert!(registered.is_coordinating && registered.lease.registration_ms > 0);

    let page_xml = page(&site, "application/xml").await;
    let (_, after) = page_xml.split_once("<instanceInfo>").expect("it is there");
    let (inside, _) = after.split_once("</instanceInfo>").expect("it ends");
    let read = xml::read_instance(format!("<instance>{inside}</instance>").as_bytes()).expect("an instance");
    assert_eq!(read, registered);
}

#[tokio::test(start_paused = true)]
async fn peers_are_listed_by_whether_they_are_reached() {
    let peer = |state: &str| PeerView { state: state.to_owned(), url: format!("http://{state}/eureka"), ..view() };
    let told = replicas(&[peer("up"), peer("self"), peer("down"), peer("starting")]);
    let expected = [
        ("registered-replicas", "http://up/eureka,http://down/eureka,http://starting/eureka,"),
        ("available-replicas", "http://up/eureka,"),
        ("unavailable-replicas", "http://down/eureka,http://starting/eureka,"),
    ];
    assert_eq!(told, expected.map(|(name, list)| (name, list.to_owned())));
}

fn view() -> PeerView {
    PeerView {
        url: String::new(),
        state: String::new(),
        kind: String::new(),
        queued: 0,
        lag_ms: 0,
        sent: 0,
        dropped: 0,
        repaired: 0,
        last_error: None,
    }
}

#[test]
fn days_are_told_once_there_are_any() {
    const MINUTE_MS: u64 = 60_000;
    let told = [0, 59, 61, 24 * 60, 49 * 60 + 7].map(|minutes| uptime(minutes * MINUTE_MS));
    assert_eq!(told, ["00:00", "00:59", "01:01", "1 day 00:00", "2 days 01:07"]);
}
