//! The registry as the role that `bijou run registry` starts: settings, its entry in itself, stop.

use std::time::Duration;

use bijou_chassis::Bootstrap;
use bijou_config::Layered;
use bijou_eureka::Discovery;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::support::PATIENCE;

fn settings(listen: &str, folder: &tempfile::TempDir) -> Layered {
    let data = folder.path().to_str().unwrap();
    let overrides = [("data.dir", data), ("registry.listen", listen), ("telemetry.otlp", "off"), ("log.level", "warn")];
    let overrides = overrides.map(|(path, value)| (path.to_owned(), value.to_owned()));
    let defaults = include_str!("../../../../config/bijou.toml");
    Layered::load(defaults, &[], std::iter::empty(), &overrides).unwrap()
}

#[tokio::test]
async fn it_has_an_entry_in_itself_and_publishes_its_keys_until_it_is_told_to_stop() {
    let stop = CancellationToken::new();
    let (tell, told) = tokio::sync::oneshot::channel();
    let folder = tempfile::tempdir().unwrap();
    let bootstrap = Bootstrap::new("registry", 0, settings("127.0.0.1:0", &folder), stop.clone())
        .unwrap()
        .on_listening(move |addr| tell.send(addr).unwrap());
    let running = tokio::spawn(bijou_registry::run(bootstrap));
    let addr = timeout(PATIENCE, told).await.unwrap().unwrap();

    let discovery = Discovery::start(&format!("http://{addr}/eureka"), stop.clone()).unwrap();
    let entered = discovery.wait_for(|snapshot| !snapshot.instances("REGISTRY").is_empty());
    let snapshot = timeout(PATIENCE, entered).await.expect("it enters itself");
    assert_eq!(snapshot.instances("REGISTRY")[0].addr, addr);

    let client = bijou_client::Client::new(bijou_client::ClientConfig::default(), discovery, None, "test");
    let keys = client.to("REGISTRY").get("/.well-known/passport-keys").send().await.unwrap();
    let keys: serde_json::Value = serde_json::from_slice(&keys.body).unwrap();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
    let own =
        client.to("REGISTRY").get("/eureka/apps/REGISTRY").header("accept", "application/json").send().await.unwrap();
    let own: serde_json::Value = serde_json::from_slice(&own.body).unwrap();
    assert_eq!(own["application"]["instance"][0]["isCoordinatingDiscoveryServer"], "true");

    // Renewed without a connection to itself, beyond its lease.
    tokio::time::sleep(Duration::from_secs(11)).await;
    assert_eq!(client.to("REGISTRY").get("/eureka/apps/REGISTRY").send().await.unwrap().status, 200);

    stop.cancel();
    timeout(PATIENCE, running).await.expect("it stops").unwrap().unwrap();
    assert!(tokio::net::TcpStream::connect(addr).await.is_err());
}

#[tokio::test]
async fn a_setting_nobody_knows_is_an_error_that_names_it() {
    let defaults =
        "[registry]\nlisten = \"127.0.0.1:0\"\nthread = 2\n[log]\n[telemetry]\notlp = \"off\"\nsample_per_second = 1\n";
    let settings = Layered::from_defaults(defaults).unwrap();
    let bootstrap = Bootstrap::new("registry", 0, settings, CancellationToken::new()).unwrap();
    let error = bijou_registry::run(bootstrap).await.unwrap_err().to_string();
    assert!(error.contains("registry") && error.contains("thread"), "{error}");
}
