//! Zones from the settings to a call: where a process is, says its entry, and its calls stay there as long as they can.

use std::time::Duration;

use bijou_chassis::{Bootstrap, Context, Service};
use bijou_config::Layered;
use bijou_eureka::RegistryClient;
use tokio::{sync::oneshot, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

use crate::support::{PATIENCE, Site};

/// The product's own defaults, and sections for roles that the product does not have.
fn settings(registry: &str, zone: &str, data: &std::path::Path) -> Layered {
    let defaults = concat!(
        include_str!("../../../../config/bijou.toml"),
        "\n[orders]\nlisten = \"127.0.0.1:0\"\n\n[basket]\nlisten = \"127.0.0.1:0\"\n"
    );
    let overrides = [
        ("data.dir", data.to_str().unwrap()),
        ("registry.url", registry),
        ("registry.zone", zone),
        ("telemetry.otlp", "off"),
        ("log.level", "warn"),
        ("stop.drain_ms", "0"),
    ];
    let overrides = overrides.map(|(path, value)| (path.to_owned(), value.to_owned()));
    Layered::load(defaults, &[], std::iter::empty(), &overrides).unwrap()
}

/// A role that runs, and what it was given to call others with.
struct Role {
    context: Context,
    stop: CancellationToken,
    running: JoinHandle<Result<(), bijou_chassis::ChassisError>>,
}

impl Role {
    async fn start(role: &'static str, slot: u16, settings: Layered) -> Self {
        let stop = CancellationToken::new();
        let bootstrap = Bootstrap::new(role, slot, settings, stop.clone()).unwrap();
        let (give, given) = oneshot::channel();
        let build = async move |context: Context| {
            let _ = give.send(context);
            Ok(Service::new(OpenApiRouter::new()))
        };
        let running = tokio::spawn(bijou_chassis::run(bootstrap, build));
        Role { context: timeout(PATIENCE, given).await.unwrap().unwrap(), stop, running }
    }

    async fn stop(self) {
        self.stop.cancel();
        timeout(PATIENCE, self.running).await.expect("the role stops").unwrap().unwrap();
    }

    /// Which instance of ORDERS answers a call.
    async fn answers(&self) -> String {
        let answer = self.context.client.to("ORDERS").get("/healthz").send().await.unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        answer["instance_id"].as_str().unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_is_in_the_zone_of_its_settings_and_calls_those_of_it_as_long_as_there_are_any() {
    let site = Site::start();
    let data = tempfile::tempdir().unwrap();
    let of = |zone: &str| settings(&site.url, zone, data.path());
    let far = Role::start("orders", 0, of("east")).await;
    let near = Role::start("orders", 1, of("west")).await;
    let caller = Role::start("basket", 0, of("west")).await;
    let nowhere = Role::start("basket", 1, of("")).await;
    for role in [&caller, &nowhere] {
        let both = role.context.discovery.wait_for(|snapshot| snapshot.instances("ORDERS").len() == 2);
        timeout(PATIENCE, both).await.expect("both are found");
    }

    let client = RegistryClient::new(&site.url).unwrap();
    let zones_of = async |app: &str| {
        let listed = client.applications().await.unwrap().applications;
        let instances = listed.into_iter().filter(|application| application.name == app);
        let mut zones = instances
            .flat_map(|application| application.instances)
            .map(|instance| instance.metadata.get("zone").cloned())
            .collect::<Vec<_>>();
        zones.sort();
        zones
    };
    assert_eq!(zones_of("ORDERS").await, [Some("east".to_owned()), Some("west".to_owned())]);
    for _ in 0..20 {
        assert_eq!(caller.answers().await, near.context.instance_id.as_ref());
    }
    // Who is in no zone prefers none, and says none.
    assert_eq!(
        timeout(PATIENCE, entered(&zones_of)).await.expect("both are registered"),
        [None, Some("west".to_owned())]
    );
    let mut answered = std::collections::BTreeSet::new();
    for _ in 0..200 {
        answered.insert(nowhere.answers().await);
    }
    assert_eq!(answered.len(), 2);

    let gone = caller.context.discovery.clone();
    near.stop().await;
    timeout(PATIENCE, gone.wait_for(|snapshot| snapshot.instances("ORDERS").len() == 1)).await.expect("it leaves");
    assert_eq!(caller.answers().await, far.context.instance_id.as_ref());
    for role in [caller, nowhere, far] {
        role.stop().await;
    }
    site.stop().await;
}

/// The zones of BASKET once both of it are registered.
async fn entered(zones_of: &impl AsyncFn(&str) -> Vec<Option<String>>) -> Vec<Option<String>> {
    loop {
        let zones = zones_of("BASKET").await;
        if zones.len() == 2 {
            return zones;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
