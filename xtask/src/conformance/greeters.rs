//! The greeters, seen through their life. What a greeter is, is in `conformance/README.md`.
//!
//! All of them run at the same time and call each other in a ring; each is looked at in turn. What the wire itself has
//! to be is not tested here: the registry's own tests replay exchanges.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::Checks;
use super::http::{self, Answer};
use super::stage::{Running, Stage, change, free_port, instance, instances, wait_for};
use super::toolchains::Language;
use super::witness::{self, Witness};

const RENEW_EVERY_S: u64 = 1;
const LEASE_S: u64 = 4;
/// What a caller of the gateway began: the trace has to go on in every service.
const TRACE: &str = "0123456789abcdef0123456789abcdef";
/// A passport's minute, and the seconds clocks may be apart.
const PASSPORT_OVER: Duration = Duration::from_secs(67);

/// Tries `languages`, which are built, on a stage. `is_short` leaves out what takes a minute.
pub fn run(checks: &mut Checks, executable: &std::path::Path, languages: &[Language], is_short: bool) -> Result<()> {
    let mut apps: Vec<_> = languages.iter().map(|language| language.app()).collect();
    apps.push(witness::APP.to_owned());
    let mut stage = Stage::set_up(executable, &apps)?;
    let witness = Witness::start(&stage.registry.url())?;
    let mut greeters =
        languages.iter().map(|language| Greeter::start(*language, &stage)).collect::<Result<Vec<_>>>()?;
    let passports = Passports::ask(&stage, &witness)?;
    let asked_at = Instant::now();

    for (index, greeter) in greeters.iter_mut().enumerate() {
        let neighbour = languages[(index + 1) % languages.len()];
        greeter.arrives(checks, &stage);
        if greeter.id.is_some() {
            greeter.serves(checks, &stage, &witness, neighbour);
        }
    }
    greeters.retain(|greeter| greeter.id.is_some());
    outlive_the_registry(checks, &mut stage, &greeters);
    if !is_short {
        thread::sleep(PASSPORT_OVER.saturating_sub(asked_at.elapsed()));
        for greeter in &greeters {
            checks.run(&format!("{}: refuses a passport whose time is over", greeter.name()), || {
                greeter.ask("hello", &[("bijou-passport", &passports.for_all)])?.expect(401).map(drop)
            });
        }
    }
    for greeter in &mut greeters {
        let name = greeter.name();
        checks
            .run(&format!("{name}: no request fails while one of two instances stops"), || greeter.hands_over(&stage));
        checks.run(&format!("{name}: deregisters when it stops"), || greeter.leaves(&stage));
    }
    Ok(())
}

/// Passports as the gateway makes them.
struct Passports {
    /// Every application is in its audience.
    for_all: String,
    /// Only the witness is.
    for_witness: String,
}

impl Passports {
    fn ask(stage: &Stage, witness: &Witness) -> Result<Self> {
        let ask = |path: &str| {
            wait_for("the gateway knows the witness", || {
                Ok(http::get(&format!("{}{path}", stage.gateway))?.status == 200)
            })?;
            let heard = witness.last()?;
            heard.get("bijou-passport").cloned().with_context(|| format!("the gateway sent no passport: {heard:?}"))
        };
        Ok(Self { for_all: ask("/greetings/witness/hello")?, for_witness: ask("/alone/hello")? })
    }
}

/// One service under test.
struct Greeter {
    language: Language,
    running: Running,
    started: Instant,
    port: u64,
    /// Once it is registered.
    id: Option<String>,
}

impl Greeter {
    fn start(language: Language, stage: &Stage) -> Result<Self> {
        let mut command = language.command()?;
        command.env("APP", language.app()).env("REGISTRY", stage.registry.url());
        command.env("RENEW_EVERY_S", RENEW_EVERY_S.to_string()).env("LEASE_S", LEASE_S.to_string());
        let name = format!("{}-{}", language.name(), free_port()?);
        let running = Running::start(&mut command, &name, &stage.folder)?;
        Ok(Self { language, running, started: Instant::now(), port: 0, id: None })
    }

    fn name(&self) -> &'static str {
        self.language.name()
    }

    /// Straight to it, round the gateway.
    fn ask(&self, what: &str, headers: &[(&str, &str)]) -> Result<Answer> {
        http::get_with(&format!("http://127.0.0.1:{}/greetings/direct/{what}", self.port), headers)
    }

    /// Through the gateway, by path.
    fn ask_through(&self, stage: &Stage, what: &str) -> Result<Value> {
        let headers = [("traceparent", &*format!("00-{TRACE}-00f067aa0ba902b7-01"))];
        let app = self.language.app().to_lowercase();
        http::get_with(&format!("{}/greetings/{app}/{what}", stage.gateway), &headers)?.expect(200)?.json()
    }

    /// What its client sees of an application: ids, sorted.
    fn sees(&self, stage: &Stage, app: &str) -> Result<Vec<String>> {
        let seen = self.ask_through(stage, &format!("seen?app={app}"))?;
        let ids = seen["items"].as_array().context("no items")?.iter().filter_map(|it| it["id"].as_str());
        let mut ids: Vec<_> = ids.map(str::to_owned).collect();
        ids.sort();
        Ok(ids)
    }

    fn arrives(&mut self, checks: &mut Checks, stage: &Stage) {
        let name = self.name();
        checks.run(
            &format!("{name}: registers with its port, lease and metadata ({})", self.language.client()),
            || {
                let (registry, app) = (stage.registry.url(), self.language.app());
                let mut found = Value::Null;
                wait_for("it is registered and up", || {
                    self.running.must_run()?;
                    let all = instances(&registry, &app)?;
                    found = all.into_iter().find(|it| it["status"] == "UP").context("nobody")?;
                    Ok(true)
                })?;
                ensure!(found["metadata"]["colour"] == "blue & green", "metadata: {}", found["metadata"]);
                ensure!(found["leaseInfo"]["durationInSecs"] == LEASE_S, "lease: {}", found["leaseInfo"]);
                ensure!(found["port"]["@enabled"] == "true", "port: {}", found["port"]);
                self.port = found["port"]["$"].as_u64().context("no port")?;
                self.id = Some(found["instanceId"].as_str().context("no id")?.to_owned());
                Ok(())
            },
        );
    }

    fn serves(&self, checks: &mut Checks, stage: &Stage, witness: &Witness, neighbour: Language) {
        let name = self.name();
        checks.run(
            &format!("{name}: is found through the gateway by path, and goes on with the caller's trace"),
            || {
                let mut said = Value::Null;
                wait_for("the gateway finds it", || {
                    said = self.ask_through(stage, "hello")?;
                    Ok(true)
                })?;
                ensure!(said["language"] == name && said["subject"] == "anonymous" && said["trace"] == TRACE, "{said}");
                let left = said["deadline_ms"].as_u64().context("no deadline")?;
                ensure!(left > 0 && left <= 10_000, "{left} ms left of the gateway's ten seconds");
                Ok(())
            },
        );
        checks.run(
            &format!("{name}: calls another service found in the registry, {} in its name", neighbour.name()),
            || {
                wait_for("the call arrives", || {
                    let said = self.ask_through(stage, &format!("call?app={}", neighbour.app()))?;
                    Ok(said["called"]["language"] == neighbour.name() && said["called"]["trace"] == TRACE)
                })?;
                let seen = self.ask_through(stage, &format!("seen?app={}", neighbour.app()))?;
                ensure!(seen["items"][0]["colour"] == "blue & green", "its metadata did not survive: {seen}");
                Ok(())
            },
        );
        checks.run(&format!("{name}: passes on passport, deadline, trace and request id"), || {
            wait_for("the witness is called", || {
                self.ask_through(stage, &format!("call?app={}", witness::APP)).map(|_| true)
            })?;
            passed_on(witness)
        });
        checks.run(&format!("{name}: refuses who has no passport, one for others, or one that was changed"), || {
            let passports = Passports::ask(stage, witness)?;
            self.ask("hello", &[("bijou-passport", &passports.for_all)])?.expect(200)?;
            self.ask("hello", &[])?.expect(401)?;
            self.ask("hello", &[("bijou-passport", &passports.for_witness)])?.expect(401)?;
            for forged in forgeries(&passports)? {
                self.ask("hello", &[("bijou-passport", &forged)])?.expect(401)?;
            }
            Ok(())
        });
        checks.run(&format!("{name}: stops working when the deadline is over"), || {
            let passport = Passports::ask(stage, witness)?.for_all;
            for (deadline_ms, work_ms) in [("300", 8000), ("0", 0)] {
                let started = Instant::now();
                let headers = [("bijou-passport", &*passport), ("bijou-deadline-ms", deadline_ms)];
                self.ask(&format!("hello?work_ms={work_ms}"), &headers)?.expect(504)?;
                ensure!(started.elapsed() < Duration::from_secs(7), "answered only after {:?}", started.elapsed());
            }
            Ok(())
        });
        checks.run(&format!("{name}: follows a new instance, an override, its removal and a cancel"), || {
            self.follows(stage, witness)
        });
        checks.run(&format!("{name}: keeps its lease by renewing it"), || self.renews(stage));
    }

    fn follows(&self, stage: &Stage, witness: &Witness) -> Result<()> {
        let registry = stage.registry.url();
        // Nobody listens there; it is only looked up.
        let another = free_port()?;
        let (first, second) = (witness::id(witness.port), witness::id(another));
        let at = format!("{registry}/apps/{}/{second}", witness::APP);
        let mut both = vec![first.clone(), second];
        both.sort();
        let sees = |expected: &[String]| {
            wait_for(&format!("its client sees {expected:?}"), || {
                let seen = self.sees(stage, witness::APP)?;
                if seen == expected { Ok(true) } else { bail!("it sees {seen:?}") }
            })
        };
        witness::register(&registry, another)?;
        sees(&both)?;
        change("PUT", &format!("{at}/status?value=OUT_OF_SERVICE"))?;
        sees(std::slice::from_ref(&first))?;
        change("DELETE", &format!("{at}/status?value=UP"))?;
        sees(&both)?;
        change("DELETE", &at)?;
        sees(&[first])
    }

    fn renews(&self, stage: &Stage) -> Result<()> {
        let (registry, app, id) = (stage.registry.url(), self.language.app(), self.id.as_deref().unwrap_or_default());
        let lease =
            || Ok::<_, anyhow::Error>(instance(&registry, &app, id)?.context("not registered")?["leaseInfo"].clone());
        let mut before = Value::Null;
        // Starved for the length of its lease, it is gone and comes back.
        wait_for("it is registered", || {
            before = lease()?;
            Ok(true)
        })?;
        // Longer than the lease since the start, with or without renewals.
        thread::sleep(Duration::from_secs(LEASE_S + 1).saturating_sub(self.started.elapsed()));
        wait_for("the lease is renewed", || {
            Ok(lease()?["lastRenewalTimestamp"].as_u64() > before["lastRenewalTimestamp"].as_u64())
        })
    }

    fn hands_over(&mut self, stage: &Stage) -> Result<()> {
        let mut successor = Self::start(self.language, stage)?;
        let (registry, app) = (stage.registry.url(), self.language.app());
        let own = self.id.clone();
        wait_for("the second instance is up", || {
            successor.running.must_run()?;
            let all = instances(&registry, &app)?;
            let other = all.iter().find(|it| it["status"] == "UP" && it["instanceId"].as_str() != own.as_deref());
            successor.id = other.and_then(|it| it["instanceId"].as_str()).map(str::to_owned);
            successor.port = other.and_then(|it| it["port"]["$"].as_u64()).unwrap_or_default();
            Ok(successor.id.is_some())
        })?;
        wait_for("the gateway uses both", || Ok(self.ask_through(stage, "hello")?["port"] == successor.port))?;
        let url = format!("{}/greetings/{}/hello", stage.gateway, app.to_lowercase());
        let long: Vec<_> = (0..4)
            .map(|_| {
                let url = format!("{url}?work_ms=1500");
                thread::spawn(move || http::get(&url)?.expect(200).map(drop))
            })
            .collect();
        thread::sleep(Duration::from_millis(300));
        self.running.terminate()?;
        let mut asked = 0;
        while instance(&registry, &app, own.as_deref().unwrap_or_default())?.is_some() || asked < 50 {
            http::get(&url)?.expect(200).with_context(|| format!("request {asked} after the stop"))?;
            asked += 1;
            ensure!(asked < 20_000, "the stopped instance is registered all the same");
        }
        self.running.wait()?;
        for request in long {
            request.join().map_err(|_| anyhow::anyhow!("a thread panicked"))?.context("begun before the stop")?;
        }
        *self = successor;
        Ok(())
    }

    fn leaves(&mut self, stage: &Stage) -> Result<()> {
        self.running.terminate()?;
        self.running.wait()?;
        let left = instances(&stage.registry.url(), &self.language.app())?;
        ensure!(left.is_empty(), "{} is still registered", left[0]["instanceId"]);
        let app = self.language.app().to_lowercase();
        let hello = format!("{}/greetings/{app}/hello", stage.gateway);
        wait_for("the gateway knows", || Ok(http::get(&hello)?.status == 503))?;
        let started = Instant::now();
        let answer = http::get(&hello)?;
        ensure!(
            answer.status == 503 && started.elapsed() < Duration::from_secs(10),
            "{}: {}",
            answer.status,
            answer.text()
        );
        Ok(())
    }
}

/// What the witness was called with belongs to the request that made the service call it.
fn passed_on(witness: &Witness) -> Result<()> {
    let heard = witness.last()?;
    let header = |name: &str| heard.get(name).map(String::as_str).with_context(|| format!("no {name}"));
    let trace = header("traceparent")?;
    ensure!(trace.starts_with(&format!("00-{TRACE}-")) && !trace.contains("00f067aa0ba902b7"), "trace: {trace}");
    let left: u64 = header("bijou-deadline-ms")?.parse()?;
    ensure!(left > 0 && left < 10_000, "{left} ms of the gateway's ten seconds");
    ensure!(header("bijou-passport")?.split('.').count() == 3, "no passport");
    ensure!(!header("x-request-id")?.is_empty(), "no request id");
    Ok(())
}

/// The same passport with another signature, other claims under the signature, and no algorithm.
fn forgeries(passports: &Passports) -> Result<[String; 3]> {
    let parts = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (genuine, other) = (parts(&passports.for_all), parts(&passports.for_witness));
    ensure!(genuine.len() == 3 && other.len() == 3, "a passport has three parts");
    // {"alg":"none","typ":"passport+jwt"}
    let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoicGFzc3BvcnQrand0In0";
    Ok([
        format!("{}.{}.{}", genuine[0], genuine[1], other[2]),
        format!("{}.{}.{}", genuine[0], other[1], genuine[2]),
        format!("{unsigned}.{}.", genuine[1]),
    ])
}

/// Killed with its memory on disk, the registry knows everybody at once; without it, everybody tells it again.
fn outlive_the_registry(checks: &mut Checks, stage: &mut Stage, greeters: &[Greeter]) {
    let is_known = |stage: &Stage, greeter: &Greeter| {
        let id = greeter.id.as_deref().unwrap_or_default();
        Ok::<_, anyhow::Error>(instance(&stage.registry.url(), &greeter.language.app(), id)?.is_some())
    };
    checks.run("registry: knows everybody after it was killed", || {
        stage.registry.kill();
        stage.registry.start_again()?;
        for greeter in greeters {
            ensure!(is_known(stage, greeter)?, "it forgot {}", greeter.name());
        }
        Ok(())
    });
    let forgot = checks.run("registry: starts without what it kept", || {
        stage.registry.kill();
        stage.registry.forget();
        stage.registry.start_again()
    });
    for greeter in greeters.iter().filter(|_| forgot) {
        checks.run(&format!("{}: registers again with a registry that forgot it", greeter.name()), || {
            wait_for("it is registered again", || is_known(stage, greeter))?;
            wait_for("the gateway finds it", || Ok(greeter.ask_through(stage, "hello")?["language"] == greeter.name()))
        });
    }
}
