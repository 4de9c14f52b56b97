//! New routes without a restart, and what a bad file does: nothing.

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::origin::read_head;
use crate::support::{Origin, Platform, ROUTE_X, config, wait_for};

#[tokio::test]
async fn new_routes_are_used_and_open_connections_stay() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    let mut client = TcpStream::connect(platform.addr()).await.unwrap();
    let ask = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: a\r\naccept: none\r\n\r\n");
    client.write_all(ask("/y").as_bytes()).await.unwrap();
    assert!(read_head(&mut client).await.starts_with("HTTP/1.1 404"));
    platform.gateway.reload(config("[[gateway.routes]]\nid = \"y\"\npaths = [\"/y\"]\napp = \"X\"\n")).unwrap();
    let mut again = TcpStream::connect(platform.addr()).await.unwrap();
    again.write_all(ask("/y").as_bytes()).await.unwrap();
    assert!(read_head(&mut again).await.starts_with("HTTP/1.1 200"));
    platform.get("/x").await.check_problem(404, "no-route", "client");
    // The first connection is still there; its problem body lies before the next head.
    client.write_all(ask("/y").as_bytes()).await.unwrap();
    let mut text = read_head(&mut client).await;
    if !text.contains("HTTP/1.1 200") {
        text = read_head(&mut client).await;
    }
    assert!(text.contains("HTTP/1.1 200"), "{text}");
}

#[tokio::test]
async fn a_bad_configuration_leaves_the_old_one_and_says_so() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let origin = Origin::echo("one").await;
    platform.register("X", "one", origin.addr);
    let mut bad = config(ROUTE_X);
    bad.routes[0].rate_limit = Some("no-such-limit".to_owned());
    let error = platform.gateway.reload(bad).unwrap_err().to_string();
    assert!(error.contains("no-such-limit"), "{error}");
    assert_eq!(platform.get("/x").await.status, 200);
    let ready = platform.get("/readyz").await;
    assert_eq!(ready.status, 200, "the platform works");
    let checks = ready.json()["checks"].as_array().unwrap().clone();
    let configuration = checks.iter().find(|check| check["name"] == "configuration").unwrap();
    assert!(configuration["reason"].as_str().unwrap().contains("no-such-limit"), "{configuration}");
    let metrics =
        crate::support::call(platform.gateway.admin_addr(), crate::support::Call::get("/metrics")).await.text();
    assert!(
        metrics.contains("bijou_gateway_config_stale 1") && metrics.contains("reloads_total{outcome=\"rejected\"} 1"),
        "{metrics}"
    );
    platform.gateway.reload(config(ROUTE_X)).unwrap();
    assert!(!platform.get("/readyz").await.text().contains("configuration"));
}

#[tokio::test]
async fn a_changed_file_is_noticed_and_a_broken_one_is_survived() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bijou.toml");
    let write = |routes: &str| {
        let base = "[gateway]\nlisten = \"127.0.0.1:0\"\nworkers = 1\n[data]\ndir = \"PLACE\"\n[registry]\nurl = \"\"\n[telemetry]\notlp = \"off\"\n[log]\nlevel = \"error\"\n";
        let base = base.replace("PLACE", folder.path().join("data").to_str().unwrap());
        std::fs::write(&file, format!("{base}{routes}")).unwrap();
    };
    let route =
        |path: &str| format!("[[gateway.routes]]\nid = \"a\"\npaths = [\"{path}\"]\nurls = [\"http://127.0.0.1:1\"]\n");
    write(&route("/a"));
    let path = file.clone();
    let load = move || {
        bijou_config::Layered::load(
            bijou_gateway::DEFAULT_SETTINGS,
            std::slice::from_ref(&path),
            std::iter::empty(),
            &[],
        )
    };
    let settings = load().unwrap();
    let shutdown = tokio_util::sync::CancellationToken::new();
    let (tell, told) = tokio::sync::oneshot::channel();
    let bootstrap = bijou_chassis::Bootstrap::new("gateway", 0, settings, shutdown.clone())
        .unwrap()
        .with_reload(bijou_chassis::Reload { files: vec![file.clone()], load: Box::new(load) })
        .on_listening(move |addr| tell.send(addr).unwrap());
    let running = tokio::spawn(bijou_gateway::run(bootstrap, |_| None));
    let addr = told.await.unwrap();
    let status = async |path: &str| crate::support::call(addr, crate::support::Call::get(path)).await.status.as_u16();
    assert_eq!((status("/a").await, status("/b").await), (502, 404));
    write("[[gateway.routes]]\nid = 7");
    wait_for("the broken file to be seen", async || {
        crate::support::call(addr, crate::support::Call::get("/readyz")).await.text().contains("configuration")
    })
    .await;
    assert_eq!(status("/a").await, 502, "the old routes stay");
    write(&route("/b"));
    wait_for("the new route", async || status("/b").await == 502).await;
    assert_eq!(status("/a").await, 404);
    shutdown.cancel();
    running.await.unwrap().unwrap();
}
