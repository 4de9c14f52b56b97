//! What the tests are made of: a gateway, origins that do as they are told, clients that look closely.

pub mod client;
pub mod origin;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bijou_eureka::{Discovery, Instance, SnapshotPublisher};
use bijou_gateway::config::Config;
use bijou_gateway::filter::Filters;
use bijou_gateway::{Gateway, KeySourceBox, Setup};
use bijou_passport::{Signer, StaticKeys, Verifier};

pub use client::{Answer, Call, call, raw, raw_answer};
pub use origin::Origin;

/// A gateway whose registry is the test.
pub struct Platform {
    pub gateway: Gateway,
    pub signer: Arc<Signer>,
    /// Signs as the console, which may look into the admin listener.
    pub console: Signer,
    publisher: SnapshotPublisher,
    instances: Vec<Instance>,
}

/// The shipped settings with these routes, on free ports, without rate limits, on two workers.
pub fn config(routes: &str) -> Config {
    let text = format!(
        "[gateway]\nlisten = \"127.0.0.1:0\"\nworkers = 2\nrate_limiting = false\naccess_log = \"off\"\n{routes}"
    );
    let file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let settings = bijou_config::Layered::load(
        bijou_gateway::DEFAULT_SETTINGS,
        &[file.path().to_owned()],
        std::iter::empty(),
        &[],
    )
    .unwrap();
    settings.section("gateway").unwrap()
}

/// Routes `/x` to the application `X`, and nothing else.
pub const ROUTE_X: &str = "[[gateway.routes]]\nid = \"x\"\npaths = [\"/x\"]\napp = \"X\"\n";

impl Platform {
    pub async fn start(config: Config) -> Self {
        Self::start_with(config, |setup| setup).await
    }

    pub async fn start_with(config: Config, change: impl FnOnce(Setup) -> Setup) -> Self {
        let (discovery, publisher) = Discovery::manual();
        publisher.publish(&[]);
        let signer = Arc::new(Signer::generate("GATEWAY"));
        let console = Signer::generate("CONSOLE");
        let keys = StaticKeys::new();
        keys.add("CONSOLE", console.public_key().clone());
        let mut setup = Setup::new(config);
        setup.discovery = discovery;
        setup.signer = Arc::clone(&signer);
        setup.admin_keys = Some(KeySourceBox(Arc::new(keys)));
        let gateway = Gateway::start(change(setup)).await.unwrap();
        Self { gateway, signer, console, publisher, instances: Vec::new() }
    }

    pub async fn with_filters(config: Config, filters: Filters) -> Self {
        Self::start_with(config, |mut setup| {
            setup.filters = filters;
            setup
        })
        .await
    }

    pub fn addr(&self) -> SocketAddr {
        self.gateway.addr()
    }

    /// Registers an instance.
    pub fn register(&mut self, app: &str, id: &str, addr: SocketAddr) {
        self.register_instance(Instance::new(app, id, "localhost", &addr.ip().to_string(), addr.port()));
    }

    pub fn register_instance(&mut self, instance: Instance) {
        self.instances.retain(|known| known.instance_id != instance.instance_id);
        self.instances.push(instance);
        self.publisher.publish(&self.instances);
    }

    /// Takes an instance off the registry.
    pub fn deregister(&mut self, id: &str) {
        self.instances.retain(|known| known.instance_id != id);
        self.publisher.publish(&self.instances);
    }

    /// Checks a passport as the application it is for would.
    pub fn verifier(&self, app: &str) -> Verifier {
        let keys = StaticKeys::new();
        keys.add("GATEWAY", self.signer.public_key().clone());
        Verifier::new(app, Arc::new(keys))
    }

    pub async fn get(&self, path: &str) -> Answer {
        call(self.addr(), Call::get(path)).await
    }

    /// Asks the admin listener as the console does.
    pub async fn ask_admin(&self, path: &str) -> Answer {
        let claims = bijou_passport::Claims::service("console", ["GATEWAY"]);
        let passport = self.console.issue(&claims, std::time::SystemTime::now());
        call(self.gateway.admin_addr(), Call::get(path).header("bijou-passport", &passport)).await
    }

    /// What the admin listener answers the console.
    pub async fn admin(&self, path: &str) -> serde_json::Value {
        let answer = self.ask_admin(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    /// The story of a request, once it is told.
    pub async fn story(&self, request_id: &str) -> serde_json::Value {
        let mut found = None;
        wait_for("the story", async || {
            let answer = self.ask_admin(&format!("/requests/{request_id}")).await;
            found = (answer.status == 200).then(|| answer.json());
            found.is_some()
        })
        .await;
        found.unwrap()
    }
}

/// Waits until a condition holds, and fails when it does not within twenty seconds.
pub async fn wait_for(what: &str, mut is_met: impl AsyncFnMut() -> bool) {
    for _ in 0..2_000 {
        if is_met().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited for {what} in vain");
}
