//! `bijou registry`: an operator's hands on a registry that runs alone, without anything else of the platform.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::http::{get, post};
use crate::platform::{bijou, output, wait_for};

struct Alone {
    url: String,
    process: Child,
}

impl Alone {
    fn start(folder: &Path) -> Self {
        let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        Self::start_at(folder, &addr)
    }

    fn start_at(folder: &Path, addr: &str) -> Self {
        let mut command = bijou();
        command.args(["run", "registry", "--listen", addr, "--log", "warn", "--data"]).arg(folder);
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let alone = Self { url: format!("http://{addr}"), process };
        wait_for("the registry", Duration::from_secs(20), || std::net::TcpStream::connect(addr).is_ok());
        alone
    }

    fn register(&self, id: &str, zone: &str) {
        let instance = json!({ "instance": {
            "instanceId": id, "hostName": "n7", "app": "ORDERS", "ipAddr": "10.4.0.7", "port": { "$": 8080 },
            "dataCenterInfo": { "name": "MyOwn" }, "metadata": { "zone": zone },
        }});
        post(&self.url, "/eureka/apps/ORDERS", &instance).send().expect(204);
    }

    /// What a command says, and its exit code.
    fn command(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let mut command = bijou();
        command.args(["registry", "--url", &format!("{}/eureka", self.url)]).args(arguments);
        let (output, errors) = output(&mut command);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned() + &errors)
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_registry_that_runs_alone_is_looked_into_and_drained_by_command() {
    let folder = tempfile::tempdir().unwrap();
    let registry = Alone::start(folder.path());
    for (id, zone) in [("n1:orders", "a"), ("n2:orders", "b")] {
        registry.register(id, zone);
    }
    let status = |id: &str| {
        let answer = get(&registry.url, &format!("/eureka/apps/ORDERS/{id}")).header("accept", "application/json");
        answer.send().expect(200).json()["instance"]["status"].as_str().unwrap().to_owned()
    };

    let (code, text) = registry.command(&["ls"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("ORDERS") && text.contains("2 UP") && text.contains("self-preservation:"), "{text}");
    let (_, text) = registry.command(&["ls", "orders"]);
    assert!(text.contains("n1:orders") && text.contains("10.4.0.7:8080"), "{text}");
    let (_, text) = registry.command(&["ls", "orders", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["leases"].as_array().unwrap().len(), 2);

    let (code, text) = registry.command(&["override", "orders", "n1:orders", "OUT_OF_SERVICE", "--reason", "a drill"]);
    assert_eq!((code, status("n1:orders").as_str()), (Some(0), "OUT_OF_SERVICE"), "{text}");
    let (_, text) = registry.command(&["show", "orders", "n1:orders"]);
    assert!(text.contains("OUT_OF_SERVICE (overridden)") && text.contains("a drill"), "{text}");
    let (_, text) = registry.command(&["override", "orders", "n1:orders", "--remove", "--reason", "over"]);
    assert_eq!(status("n1:orders"), "UP", "{text}");

    let (_, text) = registry.command(&["drain", "orders", "--zone", "b", "--reason", "zone b is moved"]);
    assert!(text.contains("`n2:orders` is out of traffic until that is undone"), "{text}");
    assert_eq!((status("n1:orders"), status("n2:orders")), ("UP".to_owned(), "OUT_OF_SERVICE".to_owned()), "{text}");
    let (_, text) = registry.command(&["drain", "orders", "--undo", "--reason", "moved"]);
    assert_eq!(status("n2:orders"), "UP", "{text}");
    assert!(text.contains("`n2:orders` is in traffic"), "{text}");
    let (_, text) = registry.command(&["override", "orders", "n2:orders", "UP", "--reason", "to be sure"]);
    assert!(text.contains("says UP itself, so no override was set"), "{text}");

    let (code, text) = registry.command(&["show", "basket"]);
    assert!(code == Some(1) && text.contains("no application `BASKET`"), "{text}");
    let (code, text) = registry.command(&["override", "orders", "n1:orders", "BUSY", "--reason", "x"]);
    assert!(code == Some(2) && text.contains("unknown status `BUSY`"), "{text}");
    let (code, text) = registry.command(&["drain", "orders"]);
    assert!(code == Some(2) && text.contains("--reason"), "an operator says why: {text}");
    drop(registry);
    let mut command = bijou();
    let (output, errors) = output(command.args(["registry", "--url", "http://127.0.0.1:1/eureka", "ls"]));
    assert!(output.status.code() == Some(1) && errors.contains("--url says where it is"), "{errors}");
}

#[test]
fn a_watch_goes_on_over_a_registry_that_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let mut registry = Alone::start(folder.path());
    registry.register("n1:orders", "a");
    let told = folder.path().join("told");
    let mut command = bijou();
    // The first of its addresses answers nobody.
    let urls = format!("http://127.0.0.1:1/eureka,{}/eureka", registry.url);
    command.args(["registry", "--url", &urls, "watch", "orders"]);
    let out = std::fs::File::create(&told).unwrap();
    let mut watch = command.stdout(out.try_clone().unwrap()).stderr(out).spawn().unwrap();
    let read = || std::fs::read_to_string(&told).unwrap();
    wait_for("the watch", Duration::from_secs(20), || read().contains("1 instances; changes follow"));
    registry.register("n2:orders", "a");
    wait_for("a change", Duration::from_secs(20), || read().contains("n2:orders"));
    let addr = registry.url.trim_start_matches("http://").to_owned();
    registry.process.kill().unwrap();
    wait_for("the break is told", Duration::from_secs(20), || read().contains("the watch broke"));
    registry = Alone::start_at(folder.path(), &addr);
    registry.register("n3:orders", "a");
    wait_for("the watch goes on", Duration::from_secs(20), || read().contains("n3:orders"));
    watch.kill().unwrap();
    watch.wait().unwrap();
    let text = read();
    assert_eq!(text.matches("n2:orders").count(), 1, "nothing is told twice: {text}");
    assert_eq!(text.matches("n1:orders").count(), 0, "{text}");
    assert!(text.contains("the watch goes on"), "{text}");
}
