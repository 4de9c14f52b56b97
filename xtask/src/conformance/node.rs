//! A registry, ours or a stock server, told by hand as clients and tools would: each kind of event and conflict alone.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::http::{self, Answer, Extra};
use super::stage::{self, instance, wait_for};

/// The application everybody belongs to.
pub const APP: &str = "KIT";
/// With this a node takes what it is told as from a peer, and tells nobody.
const REPLICATED: &[(&str, &str)] = &[("x-netflix-discovery-replication", "true")];
const LONG_LEASE_S: u64 = 600;

/// A registry by its service URL.
#[derive(Debug)]
pub struct Node(pub String);

/// Who tells a node something.
#[derive(Debug)]
pub enum Told {
    /// The node tells its peers.
    ByClient,
    /// It does not.
    ByPeer,
}

impl Node {
    pub fn port(&self) -> &str {
        self.0.trim_start_matches("http://127.0.0.1:").trim_end_matches("/eureka")
    }

    pub fn register(&self, id: &str, version: u64, told: &Told) -> Result<()> {
        self.register_for(id, version, LONG_LEASE_S, told)
    }

    /// `version` stands for the time at which the client last changed the instance.
    pub fn register_for(&self, id: &str, version: u64, lease_s: u64, told: &Told) -> Result<()> {
        let instance = json!({ "instance": {
            "instanceId": id, "hostName": "127.0.0.1", "app": APP, "ipAddr": "127.0.0.1", "status": "UP",
            "port": { "$": 1000 + version, "@enabled": "true" }, "vipAddress": "kit", "secureVipAddress": "kit",
            "dataCenterInfo": { "@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", "name": "MyOwn" },
            "leaseInfo": { "renewalIntervalInSecs": 30, "durationInSecs": lease_s },
            "metadata": { "note": "a & b" }, "lastDirtyTimestamp": dirty(version),
        } });
        let headers = if matches!(told, Told::ByPeer) { REPLICATED } else { &[] };
        let extra = Extra { headers, body: Some(instance.to_string()) };
        http::send("POST", &format!("{}/apps/{APP}", self.0), &extra)?.expect(204).map(drop)
    }

    pub fn heartbeat(&self, id: &str, version: u64) -> Result<Answer> {
        let query = format!("status=UP&lastDirtyTimestamp={}", dirty(version));
        http::send("PUT", &format!("{}/apps/{APP}/{id}?{query}", self.0), &Extra::default())
    }

    pub fn change(&self, method: &str, path: &str) -> Result<()> {
        stage::change(method, &format!("{}/apps/{APP}{path}", self.0))
    }

    pub fn read(&self, id: &str) -> Result<Option<Value>> {
        instance(&self.0, APP, id)
    }

    pub fn hash(&self) -> Result<String> {
        let list =
            http::get_with(&format!("{}/apps", self.0), &[("accept", "application/json")])?.expect(200)?.json()?;
        Ok(list["applications"]["apps__hashcode"].as_str().context("no hash")?.to_owned())
    }

    pub fn comes_to_know(&self, id: &str) -> Result<()> {
        self.comes_to_say(id, |_| true)
    }

    pub fn comes_to_say(&self, id: &str, holds: impl Fn(&Value) -> bool) -> Result<()> {
        wait_for(&format!("`{id}` is known at {} as it should be", self.0), || {
            let instance = self.read(id)?.context("it is not known")?;
            ensure!(holds(&instance), "{instance}");
            Ok(true)
        })
    }

    pub fn comes_to_forget(&self, id: &str) -> Result<()> {
        wait_for(&format!("`{id}` is gone from {}", self.0), || Ok(self.read(id)?.is_none()))
    }
}

/// When the client last changed a version.
pub fn dirty(version: u64) -> String {
    (1_790_000_000_000 + version).to_string()
}
