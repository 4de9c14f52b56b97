//! Lists for those who poll: tags, waiting, other regions.

use std::time::Duration;

use bijou_registry::{Region, Settings};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use tokio::time::{Instant, sleep, timeout};

use crate::support::{Answer, PATIENCE, Site};

async fn poll(site: &Site, path: &str, known: Option<&HeaderValue>, wait: Option<&'static str>) -> Answer {
    let mut headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static("application/json"))]);
    headers.extend(known.map(|tag| (header::IF_NONE_MATCH, tag.clone())));
    headers.extend(wait.map(|wait| (HeaderName::from_static("prefer"), HeaderValue::from_static(wait))));
    site.send(Method::GET, path, headers, Bytes::new()).await
}

#[tokio::test]
async fn who_names_the_version_it_has_is_told_only_of_a_newer_one() {
    let site = Site::start();
    site.register("ORDERS", "a", 90).await;
    let paths = ["/eureka/apps", "/eureka/apps/delta", "/eureka/apps/ORDERS", "/eureka/vips/ORDERS"];
    for (number, path) in paths.into_iter().enumerate() {
        let first = poll(&site, path, None, None).await;
        let tag = &first.headers[header::ETAG];
        let again = poll(&site, path, Some(tag), None).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path}");
        assert_eq!(&again.headers[header::ETAG], tag);
        site.register("ORDERS", &format!("b-{number}"), 90).await;
        let newer = poll(&site, path, Some(tag), None).await;
        assert_eq!(newer.status, 200, "{path}");
        assert_ne!(&newer.headers[header::ETAG], tag);
    }
    site.stop().await;
}

#[tokio::test]
async fn a_poll_that_waits_is_answered_the_moment_something_changes() {
    let site = Site::start();
    site.register("ORDERS", "a", 90).await;
    for path in ["/eureka/apps", "/eureka/apps/delta"] {
        let tag = poll(&site, path, None, None).await.headers[header::ETAG].clone();
        let began = Instant::now();
        let (answer, ()) = tokio::join!(poll(&site, path, Some(&tag), Some("wait=20")), async {
            sleep(Duration::from_millis(100)).await;
            site.register("ORDERS", &format!("b-of-{}", path.len()), 90).await;
        });
        assert_eq!(answer.status, 200);
        let took = began.elapsed();
        assert!(took >= Duration::from_millis(100) && took < Duration::from_secs(5), "{took:?}");
        let nothing = poll(&site, path, Some(&answer.headers[header::ETAG]), Some("wait=1")).await;
        assert_eq!(nothing.status, 304);
    }
    // One that waits does not hold up the end.
    let tag = poll(&site, "/eureka/apps", None, None).await.headers[header::ETAG].clone();
    let response = tokio::join!(poll(&site, "/eureka/apps", Some(&tag), Some("wait=60")), async {
        sleep(Duration::from_secs(1)).await;
        site.shut_down();
    });
    assert_eq!(response.0.status, 304);
    timeout(PATIENCE, site.stop()).await.expect("it stops");
}

fn regions(elsewhere: &Site, has_fallback: bool) -> Settings {
    let region = |name: &str, url: &str, apps: &[&str]| Region {
        name: name.to_owned(),
        url: url.to_owned(),
        apps: apps.iter().map(|app| (*app).to_owned()).collect(),
    };
    let regions = vec![region("eu-west", &elsewhere.url, &["orders", "basket"])];
    Settings { regions, regions_fallback: has_fallback, ..Settings::default() }
}

async fn hash_code(site: &Site, path: &str) -> (String, Vec<String>) {
    let answer = poll(site, path, None, None).await;
    assert_eq!(answer.status, 200, "{path}");
    let list: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let list = &list["applications"];
    let instances = list["application"].as_array().unwrap().iter().flat_map(|application| {
        let instances = application["instance"].as_array().unwrap();
        instances.iter().map(|instance| {
            format!("{} {} {}", instance["app"], instance["instanceId"], instance["actionType"]).replace('"', "")
        })
    });
    (list["apps__hashcode"].as_str().unwrap().to_owned(), instances.collect())
}

async fn until(site: &Site, path: &str, expected: &str) -> Vec<String> {
    let began = Instant::now();
    loop {
        if poll(site, path, None, None).await.status == 200 {
            let (code, instances) = hash_code(site, path).await;
            if code == expected {
                return instances;
            }
            assert!(began.elapsed() < PATIENCE, "{path} is {code} and never {expected}");
        }
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn another_region_is_read_on_demand_and_for_what_is_not_here() {
    let elsewhere = Site::start();
    elsewhere.register("ORDERS", "far", 90).await;
    elsewhere.register("BASKET", "far", 90).await;
    elsewhere.register("SECRET", "far", 90).await;
    let site = Site::start_with(regions(&elsewhere, true), 0);
    site.register("ORDERS", "near", 90).await;

    // Who names the region is given both; who names none, what is not here; who names an unknown one, what is here.
    until(&site, "/eureka/apps?regions=EU-West,mars", "UP_3_").await;
    assert_eq!(until(&site, "/eureka/apps", "UP_2_").await, ["BASKET far ADDED", "ORDERS near ADDED"]);
    assert_eq!(hash_code(&site, "/eureka/apps?regions=mars").await.1, ["ORDERS near ADDED"]);
    let basket = site.get_json("/eureka/apps/BASKET").await;
    assert_eq!(basket["application"]["instance"][0]["instanceId"], "far");
    assert_eq!(site.get_json("/eureka/apps/basket/far").await["instance"]["instanceId"], "far");
    assert_eq!(hash_code(&site, "/eureka/vips/BASKET").await.1, ["BASKET far ADDED"]);
    assert_eq!(site.get("/eureka/apps/SECRET").await.status, 404, "not among the applications taken from there");
    assert_eq!(site.get("/eureka/apps/ORDERS/far").await.status, 404, "orders is here");

    // When it comes here it leaves the fallback, and list and delta agree on that.
    site.register("BASKET", "near", 90).await;
    let delta = until(&site, "/eureka/apps/delta", "UP_2_").await;
    assert!(delta.contains(&"BASKET far DELETED".to_owned()), "{delta:?}");
    assert!(delta.contains(&"BASKET near ADDED".to_owned()), "{delta:?}");
    assert_eq!(hash_code(&site, "/eureka/apps").await.1, ["BASKET near ADDED", "ORDERS near ADDED"]);
    let report = bijou_eureka::RegistryClient::new(&site.url).unwrap().leases().await.unwrap();
    assert_eq!((report.regions[0].state.as_str(), report.regions[0].instances), ("up", 2));
    assert_eq!(report.leases.len(), 2, "leases are what is here");

    // What changes there is seen here within moments; and it stays when the region cannot be reached.
    elsewhere.register("BASKET", "far-2", 90).await;
    until(&site, "/eureka/apps?regions=eu-west", "UP_5_").await;
    elsewhere.stop().await;
    let began = Instant::now();
    while bijou_eureka::RegistryClient::new(&site.url).unwrap().leases().await.unwrap().regions[0].state != "down" {
        assert!(began.elapsed() < PATIENCE);
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(hash_code(&site, "/eureka/apps?regions=eu-west").await.0, "UP_5_");
    site.stop().await;
}

#[tokio::test]
async fn a_region_that_was_never_read_is_asked_for_in_vain_and_without_fallback_only_here_counts() {
    let elsewhere = Site::start();
    let settings = regions(&elsewhere, false);
    elsewhere.stop().await;
    let site = Site::start_with(settings, 0);
    site.register("ORDERS", "near", 90).await;
    assert_eq!(poll(&site, "/eureka/apps?regions=eu-west", None, None).await.status, 403);
    assert_eq!(hash_code(&site, "/eureka/apps").await.0, "UP_1_");
    assert_eq!(site.get("/eureka/apps/BASKET").await.status, 404);
    site.stop().await;
}
