//! Who may do what: credentials, rules, limits, rates, and what is written down of it.

use bijou_eureka::{Discovery, Instance, Registration, RegistryClient, Status};
use bijou_registry::{Access, AccessRule, Caller, Limits, Rate, Right, Settings};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::support::{Answer, PATIENCE, Site, registration};

fn rule(caller: &str, may: &[Right], app: &str) -> AccessRule {
    AccessRule { callers: vec![caller.to_owned()], may: may.to_vec(), apps: vec![app.to_owned()] }
}

/// `orders` has its own application, `operator` overrides, everybody reads what is public.
fn guarded() -> Settings {
    let caller = |name: &str| Caller { name: name.to_owned(), secret: format!("{name}-secret"), ..Caller::default() };
    let access = Access {
        callers: vec![caller("orders"), caller("operator"), caller("registry-2")],
        rules: vec![
            rule("*", &[Right::Read], "PUBLIC"),
            rule("orders", &[Right::Read, Right::Register], "orders*"),
            rule("operator", &[Right::Read, Right::Override], "*"),
            rule("registry-2", &[Right::Replicate], "*"),
        ],
    };
    Settings { access, ..Settings::default() }
}

async fn ask(site: &Site, token: &str, method: Method, path: &str, body: Bytes) -> Answer {
    let mut headers = HeaderMap::from_iter([
        (header::ACCEPT, HeaderValue::from_static("application/json")),
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
    ]);
    if !token.is_empty() {
        headers.insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
    }
    site.send(method, path, headers, body).await
}

async fn register(site: &Site, token: &str, app: &str, id: &str) -> u16 {
    let body = registration(app, id, 8080, 90, 1_790_000_000_000);
    ask(site, token, Method::POST, &format!("/eureka/apps/{app}"), body).await.status.as_u16()
}

async fn names(site: &Site, token: &str, path: &str) -> Vec<String> {
    let answer = ask(site, token, Method::GET, path, Bytes::new()).await;
    assert_eq!(answer.status, 200, "{path}");
    let list: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let applications = list["applications"]["application"].as_array().unwrap();
    applications.iter().map(|application| application["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_may_do_what_a_rule_allows_and_nothing_else() {
    let site = Site::start_with(guarded(), 0);
    assert_eq!(register(&site, "orders-secret", "ORDERS", "a").await, 204);
    assert_eq!(register(&site, "orders-secret", "ORDERS-V2", "a").await, 204);
    assert_eq!(register(&site, "orders-secret", "PUBLIC", "a").await, 403);
    assert_eq!(register(&site, "", "ORDERS", "b").await, 401);
    assert_eq!(register(&site, "orders-secreT", "ORDERS", "b").await, 401);

    let instance = "/eureka/apps/ORDERS/a";
    assert_eq!(ask(&site, "orders-secret", Method::PUT, instance, Bytes::new()).await.status, 200);
    assert_eq!(ask(&site, "operator-secret", Method::PUT, instance, Bytes::new()).await.status, 403);
    let status = "/eureka/apps/ORDERS/a/status?value=OUT_OF_SERVICE&reason=a+drill";
    assert_eq!(ask(&site, "orders-secret", Method::PUT, status, Bytes::new()).await.status, 403);
    assert_eq!(ask(&site, "operator-secret", Method::PUT, status, Bytes::new()).await.status, 200);
    assert_eq!(ask(&site, "orders-secret", Method::DELETE, status, Bytes::new()).await.status, 403);
    assert_eq!(ask(&site, "operator-secret", Method::DELETE, instance, Bytes::new()).await.status, 403);
    let metadata = "/eureka/apps/ORDERS/a/metadata?note=mine";
    assert_eq!(ask(&site, "operator-secret", Method::PUT, metadata, Bytes::new()).await.status, 403);

    let refused = ask(&site, "", Method::GET, instance, Bytes::new()).await;
    assert_eq!((refused.status.as_u16(), refused.body.len()), (401, 0));
    assert!(
        refused.headers.get_all(header::WWW_AUTHENTICATE).iter().any(|value| value.as_bytes().starts_with(b"Basic"))
    );
    // Probes and the page hold nothing about instances.
    for path in ["/healthz", "/readyz", "/metrics", "/", "/registry.js"] {
        assert_eq!(site.get(path).await.status, 200, "{path}");
    }

    let audit = ask(&site, "operator-secret", Method::GET, "/eureka/audit", Bytes::new()).await;
    let audit: serde_json::Value = serde_json::from_slice(&audit.body).unwrap();
    let told = audit["items"].as_array().unwrap().iter().map(|item| {
        let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
        format!("{} {} {} {}: {}", text("caller"), text("action"), text("app"), text("outcome"), text("reason"))
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            "operator metadata ORDERS refused: ",
            "operator cancel ORDERS refused: ",
            "orders remove-override ORDERS refused: ",
            "operator override ORDERS done: a drill",
            "orders override ORDERS refused: ",
        ]
    );
    assert_eq!(ask(&site, "orders-secret", Method::GET, "/eureka/audit", Bytes::new()).await.status, 403);
    let metrics = String::from_utf8(site.get("/metrics").await.body.to_vec()).unwrap();
    assert!(metrics.contains("bijou_registry_refusals_total{reason=\"rule\"}"), "{metrics}");
    site.stop().await;
}

#[tokio::test]
async fn speaking_as_a_registry_is_a_right_of_its_own() {
    let site = Site::start_with(guarded(), 0);
    let batch = r#"{"replicationList":[{"appName":"ORDERS","id":"a","action":"Cancel"}]}"#;
    let path = "/eureka/peerreplication/batch/";
    assert_eq!(ask(&site, "orders-secret", Method::POST, path, batch.into()).await.status, 403);
    assert_eq!(ask(&site, "registry-2-secret", Method::POST, path, batch.into()).await.status, 200);
    // The header that says the same does not help those who may only register.
    let mut headers = HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::AUTHORIZATION, HeaderValue::from_static("Bearer orders-secret")),
    ]);
    headers.insert("x-netflix-discovery-replication", HeaderValue::from_static("true"));
    let body = registration("ORDERS", "a", 8080, 90, 1_790_000_000_000);
    assert_eq!(site.send(Method::POST, "/eureka/apps/ORDERS", headers, body).await.status, 403);
    site.stop().await;
}

#[tokio::test]
async fn an_override_inside_a_registration_is_taken_from_those_who_may_override() {
    let site = Site::start_with(guarded(), 0);
    let body = registration("ORDERS", "a", 8080, 90, 1_790_000_000_000);
    let body = String::from_utf8(body.to_vec()).unwrap();
    let body = body.replace("\"status\"", "\"overriddenStatus\":\"OUT_OF_SERVICE\",\"status\"");
    assert_eq!(ask(&site, "orders-secret", Method::POST, "/eureka/apps/ORDERS", body.clone().into()).await.status, 204);
    let answer = ask(&site, "operator-secret", Method::GET, "/eureka/apps/ORDERS/a", Bytes::new()).await;
    let told: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let told = &told["instance"];
    assert_eq!((&told["status"], &told["overriddenStatus"]), (&"UP".into(), &"UNKNOWN".into()));
    site.stop().await;

    // Where everybody may, it is Eureka's way.
    let open = Site::start();
    assert_eq!(ask(&open, "", Method::POST, "/eureka/apps/ORDERS", body.into()).await.status, 204);
    assert_eq!(open.get_json("/eureka/apps/ORDERS/a").await["instance"]["status"], "OUT_OF_SERVICE");
    open.stop().await;
}

#[tokio::test]
async fn who_takes_out_an_instance_that_is_elsewhere_is_audited_and_who_leaves_is_not() {
    let site = Site::start();
    let elsewhere = registration("ORDERS", "far", 8080, 90, 1_790_000_000_000);
    let elsewhere =
        String::from_utf8(elsewhere.to_vec()).unwrap().replace("\"ipAddr\":\"127.0.0.1\"", "\"ipAddr\":\"10.4.0.7\"");
    assert_eq!(ask(&site, "", Method::POST, "/eureka/apps/ORDERS", elsewhere.into()).await.status, 204);
    assert_eq!(register(&site, "", "ORDERS", "near").await, 204);
    for id in ["near", "far"] {
        assert_eq!(
            ask(&site, "", Method::DELETE, &format!("/eureka/apps/ORDERS/{id}"), Bytes::new()).await.status,
            200
        );
    }
    let audit = site.get_json("/eureka/audit").await;
    let told = audit["items"].as_array().unwrap().iter().map(|item| (&item["action"], &item["instance_id"]));
    assert_eq!(told.collect::<Vec<_>>(), [(&"cancel".into(), &"far".into())]);
    site.stop().await;
}

#[tokio::test]
async fn whoever_shows_nothing_is_not_a_peer_that_limits_do_not_touch() {
    let limits = Limits { metadata_entries_max: 1, instances_per_app_max: 2, ..Limits::default() };
    let caller = Caller { name: "registry-2".to_owned(), secret: "registry-2-secret".to_owned(), ..Caller::default() };
    let access = Access { callers: vec![caller], ..Access::default() };
    let site = Site::start_with(Settings { limits, access, ..Settings::default() }, 0);
    let as_peer = |token: &'static str, id: &'static str| {
        let mut headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        headers.insert("x-netflix-discovery-replication", HeaderValue::from_static("true"));
        if !token.is_empty() {
            headers.insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        }
        let body = registration("ORDERS", id, 8080, 90, 1_790_000_000_000);
        let body = String::from_utf8(body.to_vec()).unwrap();
        let body = body.replace("\"status\"", "\"metadata\":{\"a\":\"1\",\"b\":\"2\"},\"status\"");
        site.send(Method::POST, "/eureka/apps/ORDERS", headers, body.into())
    };
    assert_eq!(as_peer("", "a").await.status, 413);
    assert_eq!(as_peer("registry-2-secret", "a").await.status, 204);

    let batch = |id: &str| {
        let body = registration("ORDERS", id, 8080, 90, 1_790_000_000_000);
        let instance: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let item = serde_json::json!({
            "appName": "ORDERS", "id": id, "action": "Register", "instanceInfo": instance["instance"],
        });
        Bytes::from(serde_json::json!({ "replicationList": [item] }).to_string())
    };
    for (token, id) in [("", "b"), ("", "c"), ("registry-2-secret", "d")] {
        let answer = ask(&site, token, Method::POST, "/eureka/peerreplication/batch/", batch(id)).await;
        assert_eq!(answer.status, 200);
    }
    for (id, status) in [("a", 200), ("b", 200), ("c", 404), ("d", 200)] {
        assert_eq!(site.get(&format!("/eureka/apps/ORDERS/{id}")).await.status, status, "{id}");
    }
    site.stop().await;
}

#[tokio::test]
async fn a_reader_of_some_applications_is_given_a_list_a_delta_and_a_watch_of_those() {
    let site = Site::start_with(guarded(), 0);
    assert_eq!(register(&site, "orders-secret", "ORDERS", "a").await, 204);
    for path in ["/eureka/apps", "/eureka/apps/delta"] {
        assert!(names(&site, "", path).await.is_empty(), "{path}");
    }
    assert_eq!(names(&site, "orders-secret", "/eureka/apps").await, ["ORDERS"]);
    assert_eq!(names(&site, "operator-secret", "/eureka/apps").await, ["ORDERS"]);
    assert!(names(&site, "", "/eureka/vips/ORDERS").await.is_empty());
    assert_eq!(ask(&site, "", Method::GET, "/eureka/instances/a", Bytes::new()).await.status, 404);

    // A follower of a part is not confused by revisions that are about others.
    let stop = CancellationToken::new();
    let own_url = format!("http://orders:orders-secret@{}/eureka", site.addr);
    let discovery = Discovery::start(&own_url, stop.clone()).unwrap();
    let instance = Instance::new("orders-v2", "z", "n7", "127.0.0.1", 8081);
    let handle = Registration::start(&own_url, instance, Some(&discovery), stop.clone()).unwrap();
    assert!(timeout(PATIENCE, handle.registered()).await.unwrap());
    let both = discovery.wait_for(|snapshot| snapshot.applications().count() == 2);
    timeout(PATIENCE, both).await.expect("credentials in the address are sent");
    let operator = RegistryClient::new(&format!("http://operator:operator-secret@{}/eureka", site.addr)).unwrap();
    let seen = names(&site, "orders-secret", "/eureka/apps/delta").await;
    assert_eq!(seen, ["ORDERS-V2"], "the view was made before ORDERS-V2 came");
    assert!(operator.override_status("ORDERS", "a", Status::OutOfService, "a drill").await.unwrap());
    let changed = discovery.wait_for(|snapshot| snapshot.instances("ORDERS").is_empty());
    timeout(PATIENCE, changed).await.expect("it is told");
    assert!(operator.remove_override("ORDERS", "a", "over").await.unwrap());
    stop.cancel();
    site.stop().await;
}

#[tokio::test]
async fn what_is_too_large_or_too_many_is_refused_and_leaves_the_rest_alone() {
    let limits =
        Limits { metadata_bytes_max: 64, metadata_entries_max: 4, instances_per_app_max: 2, ..Limits::default() };
    let site = Site::start_with(Settings { limits, ..Settings::default() }, 0);
    for id in ["a", "b"] {
        assert_eq!(register(&site, "", "ORDERS", id).await, 204);
    }
    assert_eq!(register(&site, "", "ORDERS", "c").await, 403);
    assert_eq!(register(&site, "", "ORDERS", "b").await, 204, "who is there may register again");
    assert_eq!(register(&site, "", "BASKET", "c").await, 204);
    let put = |query: String| {
        let path = format!("/eureka/apps/ORDERS/a/metadata?{query}");
        let site = &site;
        async move { ask(site, "", Method::PUT, &path, Bytes::new()).await }
    };
    let long = put(format!("note={}", "x".repeat(64))).await;
    assert_eq!(
        (long.status.as_u16(), long.headers["bijou-reason"].to_str().unwrap()),
        (413, "metadata has 68 bytes, 64 are allowed")
    );
    assert_eq!(put("a=1&b=2&c=3&d=4&e=5".to_owned()).await.status, 413);
    assert_eq!(put("a=1&b=2".to_owned()).await.status, 200);
    let body = String::from_utf8(registration("ORDERS", "a", 8080, 90, 1_790_000_000_001).to_vec()).unwrap();
    let body = body.replace("\"status\"", &format!("\"metadata\":{{\"note\":\"{}\"}},\"status\"", "x".repeat(99)));
    assert_eq!(ask(&site, "", Method::POST, "/eureka/apps/ORDERS", body.into()).await.status, 413);
    assert_eq!(site.get_json("/eureka/apps/ORDERS/a").await["instance"]["metadata"]["a"], "1");
    let metrics = String::from_utf8(site.get("/metrics").await.body.to_vec()).unwrap();
    assert!(metrics.contains("bijou_registry_registrations_refused_total 2"), "{metrics}");
    site.stop().await;
}

#[tokio::test]
async fn over_eurekas_rate_a_list_is_answered_503_without_a_body_unless_the_client_is_a_standard_one() {
    let rate = Rate { enabled: true, burst: 2, full_fetches_per_s: 1, fetches_per_s: 1, ..Rate::default() };
    let site = Site::start_with(Settings { rate, ..Settings::default() }, 0);
    let statuses = |identity: Option<&'static str>, path: &'static str| {
        let site = &site;
        async move {
            let mut seen = Vec::new();
            for _ in 0..4 {
                let mut headers = HeaderMap::new();
                let named = HeaderName::from_static("discoveryidentity-name");
                headers.extend(identity.map(|name| (named, HeaderValue::from_static(name))));
                let answer = site.send(Method::GET, path, headers, Bytes::new()).await;
                assert!(answer.status == 200 || answer.body.is_empty());
                seen.push(answer.status.as_u16());
            }
            seen
        }
    };
    let stranger = statuses(None, "/eureka/apps").await;
    assert_eq!((stranger[0], stranger[1]), (200, 200));
    assert!(stranger.contains(&503), "{stranger:?}");
    assert_eq!(statuses(Some("DefaultClient"), "/eureka/apps").await, [200; 4]);
    // Instances, heartbeats and the watch are no lists.
    assert!(!statuses(None, "/eureka/apps/ORDERS/a").await.contains(&503));
    site.stop().await;
}
