//! Starting and stopping for real: the address, the folder, the registry, the requests in flight.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use bijou_chassis::{Bootstrap, ChassisError, Context, Service};
use bijou_config::Layered;
use bijou_testkit::{TestService, wait_until};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::service::{Held, ROLE, build, router};

fn settings(overrides: &[(&str, &str)]) -> Layered {
    let overrides: Vec<_> = overrides.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect();
    Layered::load(include_str!("../../../../config/bijou.toml"), &[], std::iter::empty(), &overrides).expect("valid")
}

async fn run(overrides: &[(&str, &str)]) -> Result<(), ChassisError> {
    let bootstrap = Bootstrap::new(ROLE, 0, settings(overrides), CancellationToken::new())?;
    bijou_chassis::run(bootstrap, build(Held::default())).await
}

#[tokio::test]
async fn a_port_in_use_is_said_before_anything_is_built() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("any port");
    let addr = taken.local_addr().expect("bound").to_string();
    let dir = data.path().display().to_string();
    let error = run(&[("catalog.listen", &addr), ("data.dir", &dir)]).await.expect_err("taken").to_string();
    assert!(error.contains(&format!("{addr} is in use")) && error.contains("`catalog.listen`"), "{error}");
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_made_is_said() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let dir = file.path().join("data").display().to_string();
    let error = run(&[("data.dir", &dir)]).await.expect_err("a file is no folder").to_string();
    assert!(error.contains("not writable") && error.contains("data.dir"), "{error}");
}

#[tokio::test]
async fn a_failing_task_ends_the_role_with_its_error() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let dir = data.path().display().to_string();
    let settings = settings(&[("data.dir", &dir), ("registry.url", ""), ("stop.drain_ms", "0")]);
    let bootstrap = Bootstrap::new(ROLE, 0, settings, CancellationToken::new()).expect("readable");
    let build = async |_: Context| {
        let task = async { Err::<(), _>("the disk is gone".into()) };
        Ok(Service::new(router(Held::default())).with_task("import", task))
    };
    let error = bijou_chassis::run(bootstrap, build).await.expect_err("the task failed");
    assert!(matches!(error, ChassisError::Task { task: "import", .. }), "{error}");
}

/// What a registry was told, in order.
type Told = Arc<Mutex<Vec<String>>>;

async fn registry(State(told): State<Told>, request: Request) -> StatusCode {
    if request.uri().path().starts_with("/eureka/apps/CATALOG") {
        let line = format!("{} {}", request.method(), request.uri().path());
        told.lock().expect("no panic").push(line);
        return StatusCode::NO_CONTENT;
    }
    StatusCode::NOT_FOUND
}

fn start_registry() -> (String, Told) {
    let told = Told::default();
    let listener = bijou_chassis::bind(([127, 0, 0, 1], 0).into(), "test").expect("any port");
    let url = format!("http://{}/eureka", listener.local_addr().expect("bound"));
    let routes = Router::new().fallback(registry).with_state(Arc::clone(&told));
    tokio::spawn(bijou_chassis::serve(listener, routes, CancellationToken::new()));
    (url, told)
}

#[tokio::test]
async fn a_stop_tells_the_registry_first_and_lets_requests_finish() {
    let (url, told) = start_registry();
    let held = Held::default();
    let build = build(held.clone());
    let service = TestService::of(ROLE)
        .own_contract()
        .settings(&format!("[registry]\nurl = '{url}'\n[stop]\ndrain_ms = 50\n"))
        .start(build)
        .await;
    assert_eq!(*told.lock().expect("no panic"), ["POST /eureka/apps/CATALOG"]);

    let in_flight = tokio::spawn({
        let user = service.anonymous();
        async move { user.get("/v1/held").send().await }
    });
    held.arrived.notified().await;
    let target = service.base_url.trim_start_matches("http://").to_owned();
    let stopping = tokio::spawn(service.stop());
    wait_until("the goodbye", async || told.lock().expect("no panic").iter().any(|line| line.starts_with("DELETE")))
        .await;
    wait_until("the listener to close", async || TcpStream::connect(&target).await.is_err()).await;
    assert!(!in_flight.is_finished(), "the request in flight was cut off");
    held.go_on.notify_one();
    in_flight.await.expect("no panic").expect(200);
    stopping.await.expect("no panic");
}

#[tokio::test]
async fn an_instance_that_is_not_ready_is_not_registered() {
    let (url, told) = start_registry();
    let (send, conditions) = std::sync::mpsc::channel();
    let service = TestService::of(ROLE)
        .own_contract()
        .settings(&format!("[registry]\nurl = '{url}'\n"))
        .launch(async move |context: Context| {
            send.send(context.readiness.condition("index", "being built")).expect("the test waits");
            Ok(Service::new(router(Held::default())))
        })
        .await;
    let index = conditions.recv().expect("built");
    service.nobody().get("/readyz").send().await.expect(503);
    assert!(told.lock().expect("no panic").is_empty());
    index.ready();
    wait_until("the registration", async || !told.lock().expect("no panic").is_empty()).await;
    wait_until("readiness", async || service.nobody().get("/readyz").send().await.status == 200).await;
}
