//! `cargo xtask conformance record`: what real clients and a real Eureka server say to each other, written down.
//!
//! Into `services/bijou-registry/tests/exchanges`, whose replay holds our registry to what the server answered. Three
//! kinds: each greeter from registering to leaving, a stock server as a peer of another, and the requests of
//! `contracts/eureka` made by hand. Each begins with a server that knows nobody.

mod pass;
mod written;

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use self::pass::{Exchange, Pass};
use self::written::{Repeats, Replaced};
use super::http::{self, Extra};
use super::node::{self, Node, Told};
use super::stage::{Running, change, free_port, instances, wait_for};
use super::stock::Stock;
use super::toolchains::{self, LANGUAGES, Language};
use crate::process::root;
use crate::report::say;

const RENEW_EVERY_S: u64 = 2;
/// Long enough for nothing to end while it is recorded, or replayed.
const LEASE_S: u64 = 300;
/// Some things a client may do or not; after this, it does not.
const MAYBE: Duration = Duration::from_secs(8);
/// Whom a greeter looks up for the keys of passports.
const GATEWAY: &str = "GATEWAY";
/// A passport nobody signed, for which a greeter asks the gateway's keys all the same.
const MADE_UP: &str = "eyJhbGciOiJFZERTQSIsInR5cCI6InBhc3Nwb3J0K2p3dCIsImtpZCI6Im5vbmUifQ.\
    eyJzdWIiOiJhbm9ueW1vdXMiLCJpc3MiOiJHQVRFV0FZIn0.AAAA";

/// All, or what is named: a language, `peer`, `by-hand`.
pub fn run(names: &[String]) -> Result<()> {
    let known: Vec<_> = LANGUAGES.iter().map(|language| language.name()).chain(["peer", "by-hand"]).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        bail!("`{unknown}` cannot be recorded, only {}", known.join(", "));
    }
    if let Some(lacking) = toolchains::lacks_maven() {
        bail!("there is no Eureka server to record: {lacking}");
    }
    let is_wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let folder = root().join("target/xtask/conformance-record");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let studio = Studio { jar: toolchains::eureka_server()?, folder };
    for language in LANGUAGES.into_iter().filter(|language| is_wanted(language.name())) {
        match language.lacks() {
            Some(lacking) => say(&format!("   skipped {}: {lacking}", language.name())),
            None => studio.client(language)?,
        }
    }
    if is_wanted("peer") {
        studio.peer()?;
    }
    if is_wanted("by-hand") {
        studio.by_hand()?;
    }
    Ok(())
}

struct Studio {
    jar: PathBuf,
    folder: PathBuf,
}

impl Studio {
    fn stock(&self, peer: Option<String>) -> Result<Stock> {
        Ok(Stock { jar: self.jar.clone(), port: free_port()?, peer, folder: self.folder.clone() })
    }

    /// The life of a client.
    fn client(&self, language: Language) -> Result<()> {
        language.build()?;
        let stock = self.stock(None)?;
        let _running = stock.start()?;
        let recorded = Recorded { pass: Pass::start(stock.port)? };
        let url = recorded.pass.url();
        register(&url, 1)?;
        let mut command = language.command()?;
        command.env("APP", language.app()).env("REGISTRY", &url);
        command.env("RENEW_EVERY_S", RENEW_EVERY_S.to_string()).env("LEASE_S", LEASE_S.to_string());
        let mut greeter = Running::start(&mut command, language.name(), &self.folder)?;
        let straight = format!("http://127.0.0.1:{}/eureka", stock.port);
        let mut found = serde_json::Value::Null;
        wait_for("the greeter is registered and up", || {
            greeter.must_run()?;
            let all = instances(&straight, &language.app())?;
            found = all.into_iter().find(|it| it["status"] == "UP").context("nobody")?;
            Ok(true)
        })?;
        let port = found["port"]["$"].as_u64().context("no port")?;
        let own = format!("{url}/apps/{}/{}", language.app(), found["instanceId"].as_str().context("no id")?);
        // Refused; but some look applications up only when they need them.
        let hello = format!("http://127.0.0.1:{port}/greetings/direct/hello");
        let _ = http::get_with(&hello, &[("bijou-passport", MADE_UP)]);
        recorded.goes_on();
        register(&url, 2)?;
        let gateway = format!("{url}/apps/{GATEWAY}/gateway-1");
        change("PUT", &format!("{gateway}/status?value=OUT_OF_SERVICE"))?;
        recorded.goes_on();
        change("DELETE", &format!("{gateway}/status?value=UP"))?;
        change("PUT", &format!("{gateway}/metadata?note=changed"))?;
        recorded.goes_on();
        change("DELETE", &format!("{url}/apps/{GATEWAY}/gateway-2"))?;
        change("PUT", &format!("{own}/status?value=OUT_OF_SERVICE"))?;
        recorded.goes_on();
        change("DELETE", &format!("{own}/status?value=UP"))?;
        recorded.goes_on();
        // Forgotten, it registers again.
        change("DELETE", &own)?;
        recorded.goes_on();
        recorded.goes_on();
        greeter.terminate()?;
        greeter.wait()?;
        let preface = format!(
            "# What {} sends to a stock Eureka server and is answered, from registering to leaving.",
            language.client()
        );
        let replaced = this_run(&[(port, "8080"), (stock.port.into(), "8761"), (recorded.pass.port.into(), "8761")])?;
        write(&format!("client-{}", language.name()), &preface, &recorded.pass.told(), &replaced, Repeats::LeftOut)
    }

    /// A stock server that replicates to another one.
    fn peer(&self) -> Result<()> {
        let told = self.stock(None)?;
        let _told = told.start()?;
        let pass = Pass::start(told.port)?;
        let (there, through) = (Node(format!("http://127.0.0.1:{}/eureka", told.port)), Node(pass.url()));
        through.register("before", 1, &Told::ByClient)?;
        let teller = self.stock(Some(pass.url()))?;
        let mut telling = teller.start()?;
        let here = Node(format!("http://127.0.0.1:{}/eureka", teller.port));
        here.comes_to_know("before")?;
        wait_for("the server registers with its peer", || Ok(!instances(&there.0, "EUREKA")?.is_empty()))?;

        here.register("first", 1, &Told::ByClient)?;
        there.comes_to_know("first")?;
        here.heartbeat("first", 1)?.expect(200)?;
        here.change("PUT", "/first/metadata?note=changed")?;
        there.comes_to_say("first", |instance| instance["metadata"]["note"] == "changed")?;
        here.change("PUT", "/first/status?value=OUT_OF_SERVICE")?;
        there.comes_to_say("first", |instance| instance["status"] == "OUT_OF_SERVICE")?;
        here.change("DELETE", "/first/status?value=UP")?;
        there.comes_to_say("first", |instance| instance["status"] == "UP")?;
        here.register("unknown", 5, &Told::ByPeer)?;
        here.heartbeat("unknown", 5)?.expect(200)?;
        there.comes_to_know("unknown")?;
        here.register("older", 5, &Told::ByPeer)?;
        through.register("older", 9, &Told::ByPeer)?;
        here.heartbeat("older", 5)?.expect(200)?;
        here.comes_to_say("older", |instance| instance["lastDirtyTimestamp"] == *node::dirty(9))?;
        here.register("newer", 9, &Told::ByPeer)?;
        through.register("newer", 5, &Told::ByPeer)?;
        here.heartbeat("newer", 9)?.expect(200)?;
        there.comes_to_say("newer", |instance| instance["lastDirtyTimestamp"] == *node::dirty(9))?;
        here.change("DELETE", "/first")?;
        there.comes_to_forget("first")?;
        for path in ["apps", "apps/delta"] {
            http::get_with(&format!("{}/{path}", through.0), &[("accept", "application/json")])?.expect(200)?;
        }
        telling.terminate()?;
        telling.wait()?;
        let preface = "# What a stock Eureka server tells another one as its peer, and is answered.";
        let ports = [(teller.port.into(), "8761"), (told.port.into(), "8762"), (pass.port.into(), "8762")];
        write("peer", preface, &pass.told(), &this_run(&ports)?, Repeats::LeftOut)
    }

    /// The requests that our contract is written in.
    fn by_hand(&self) -> Result<()> {
        for name in ["life-json", "life-xml", "refusals", "conflicts", "replication", "tools"] {
            let stock = self.stock(None)?;
            let _running = stock.start()?;
            let pass = Pass::start(stock.port)?;
            let text = fs::read_to_string(root().join(format!("contracts/eureka/{name}.http")))?;
            for request in text.split("\n>>>\n").skip(1).filter_map(|rest| rest.split("\n<<<\n").next()) {
                send_as_peers_do(&pass, request)?;
            }
            let preface =
                format!("# What a stock Eureka server answers to the requests of contracts/eureka/{name}.http.");
            write(
                &format!("by-hand-{name}"),
                &preface,
                &pass.told(),
                &this_run(&[(stock.port.into(), "8761")])?,
                Repeats::Kept,
            )?;
        }
        Ok(())
    }
}

/// What goes through a pass while a client lives.
struct Recorded {
    pass: Pass,
}

impl Recorded {
    /// Waits until the client has renewed or registered, and read something, since now; or does not.
    fn goes_on(&self) {
        let so_far = self.pass.told().len();
        let until = Instant::now() + MAYBE;
        while Instant::now() < until {
            let told = self.pass.told();
            // What is changed by hand has no such header.
            let of_client =
                || told[so_far..].iter().filter(|exchange| http::header(&exchange.headers, "user-agent").is_some());
            if of_client().any(|exchange| exchange.method == "GET")
                && of_client().any(|exchange| exchange.method != "GET")
            {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

/// An instance of the gateway's application, at a port where nobody listens.
fn register(url: &str, number: u16) -> Result<()> {
    let instance = serde_json::json!({ "instance": {
        "instanceId": format!("gateway-{number}"), "hostName": "127.0.0.1", "app": GATEWAY, "ipAddr": "127.0.0.1",
        "status": "UP", "port": { "$": number, "@enabled": "true" }, "vipAddress": "gateway",
        "dataCenterInfo": { "@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", "name": "MyOwn" },
        "leaseInfo": { "renewalIntervalInSecs": 30, "durationInSecs": LEASE_S }, "metadata": { "zone": "a" },
        "lastDirtyTimestamp": node::dirty(1),
    } });
    let extra = Extra { body: Some(instance.to_string()), ..Extra::default() };
    http::send("POST", &format!("{url}/apps/{GATEWAY}"), &extra)?.expect(204).map(drop)
}

/// A request as the contract writes it, unless it is about what only one kind of server has.
fn send_as_peers_do(pass: &Pass, request: &str) -> Result<()> {
    let (head, body) = request.split_once("\n\n").unwrap_or((request, ""));
    let mut lines = head.lines();
    let (method, path) = lines.next().and_then(|line| line.split_once(' ')).context("no request line")?;
    let mut headers: Vec<_> = lines.filter_map(|line| line.split_once(": ")).collect();
    // Pages for people.
    if !path.starts_with("/eureka/") || path == "/eureka/" {
        return Ok(());
    }
    // As every server asks; without it this one answers a batch in XML.
    if path.contains("/peerreplication/") && !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("accept")) {
        headers.push(("accept", "application/json"));
    }
    let url = format!("http://127.0.0.1:{}{path}", pass.port);
    http::send_bytes(method, &url, &headers, body.trim_end_matches('\n').as_bytes()).map(drop)
}

/// Ports of this run, and how this machine is called.
fn this_run(ports: &[(u64, &str)]) -> Result<Replaced> {
    let mut replaced: Replaced = ports.iter().map(|(port, name)| (port.to_string(), (*name).to_owned())).collect();
    let said = |argument: &str| -> Result<String> {
        let output = Command::new("hostname").args(Some(argument).filter(|argument| !argument.is_empty())).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    replaced.extend(said("-I")?.split_whitespace().map(|address| (address.to_owned(), "10.4.0.7".to_owned())));
    replaced.push((said("")?, "n7".to_owned()));
    Ok(replaced)
}

fn write(name: &str, preface: &str, told: &[Exchange], replaced: &Replaced, repeats: Repeats) -> Result<()> {
    let folder = root().join("services/bijou-registry/tests/exchanges");
    fs::create_dir_all(&folder)?;
    let preface = format!(
        "{preface}\n# Recorded by `cargo xtask conformance record`; how to read it: contracts/eureka/README.md.\n"
    );
    fs::write(folder.join(format!("{name}.http")), written::file(&preface, told, replaced, repeats)?)?;
    say(&format!("   wrote {name}: {} exchanges seen", told.len()));
    Ok(())
}
