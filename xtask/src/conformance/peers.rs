//! A stock Eureka server as a peer of ours: what is told to one is known to the other, and they heal.
//!
//! Both are told by hand, as clients and tools would, so that each kind of event and each conflict can be made alone: the
//! header of a replicated request tells one of them without the other hearing of it.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::Checks;
use super::http;
use super::node::{APP, Node, Told, dirty};
use super::stage::{Registry, Running, free_port, wait_for};
use super::stock::Stock;
use super::toolchains;
use crate::process::root;

/// Instances registered in a burst: more than two batches.
const BURST: usize = 600;
const SHORT_LEASE_S: u64 = 3;

pub fn run(checks: &mut Checks, executable: &Path) -> Result<()> {
    let jar = toolchains::eureka_server()?;
    let folder = root().join("target/xtask/conformance-peers");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let (port, stock_port) = (free_port()?, free_port()?);
    let stock_url = format!("http://127.0.0.1:{stock_port}/eureka");
    let mut ours =
        Registry::start_at(port, executable, &folder, "ours", &[("BIJOU_REGISTRY__PEERS__URLS", stock_url.clone())])?;
    let here = Node(ours.url());
    here.register("before", 1, &Told::ByClient)?;

    let stock = Stock { jar, port: stock_port, peer: Some(ours.url()), folder: folder.clone() };
    let mut running = stock.start()?;
    let there = Node(stock_url);
    checks.run("peer: a stock server that starts takes over what ours knows", || there.comes_to_know("before"));
    for (name, from, to) in
        [("from ours to the stock server", &here, &there), ("from the stock server to ours", &there, &here)]
    {
        events(checks, name, from, to);
        conflicts(checks, name, from, to);
        checks.run(&format!("peer, {name}: {BURST} registrations at once all arrive"), || burst(from, to));
    }
    checks.run("peer: both count the same instances", || {
        wait_for("the hash codes are the same", || Ok(here.hash()? == there.hash()?))
    });
    as_a_region(checks, executable, &folder, &there)?;
    away(checks, &mut ours, &here, &there, &stock, &mut running)?;
    Ok(())
}

/// The stock server as another region of a registry of ours that is nobody's peer: read whole once, and by its deltas
/// every half minute from then on.
fn as_a_region(checks: &mut Checks, executable: &Path, folder: &Path, there: &Node) -> Result<()> {
    let region = format!("[{{ name = \"java\", url = \"{}\" }}]", there.0);
    let reader = Registry::start(executable, folder, "reader", &[("BIJOU_REGISTRY__REGIONS", region)])?;
    let here = Node(reader.url());
    there.register("region-first", 1, &Told::ByClient)?;
    checks.run("region: what a stock server of another region has is listed, and found where it is not here", || {
        here.comes_to_know("region-first")?;
        let listed = http::get_with(&format!("{}/apps?regions=java", here.0), &[("accept", "application/json")])?;
        let applications = listed.expect(200)?.json()?["applications"]["application"].clone();
        let instances = applications.as_array().context("no list")?.iter().find(|listed| listed["name"] == APP);
        let instances = instances.and_then(|listed| listed["instance"].as_array()).context("not listed")?;
        ensure!(instances.iter().any(|instance| instance["instanceId"] == "region-first"), "not in the list");
        Ok(())
    });
    checks.run("region: who comes, changes and goes there does so here by its deltas", || {
        there.register("region-second", 1, &Told::ByClient)?;
        there.change("PUT", "/region-second/status?value=OUT_OF_SERVICE")?;
        there.change("DELETE", "/region-first")?;
        here.comes_to_say("region-second", |instance| instance["status"] == "OUT_OF_SERVICE")?;
        here.comes_to_forget("region-first")
    });
    checks.run("region: nothing of it is told back, nor kept as ours", || {
        here.change("DELETE", "/region-second").err().context("it could be cancelled here")?;
        ensure!(there.read("region-second")?.is_some(), "it was cancelled there");
        Ok(())
    });
    there.change("DELETE", "/region-second")
}

/// Each kind of event at one node is seen at the other.
fn events(checks: &mut Checks, name: &str, from: &Node, to: &Node) {
    let id = &format!("events-{}", from.port());
    checks.run(&format!("peer, {name}: a registration"), || {
        from.register(id, 1, &Told::ByClient)?;
        to.comes_to_know(id)?;
        ensure!(to.read(id)?.context("gone")?["metadata"]["note"] == "a & b", "metadata did not survive");
        Ok(())
    });
    checks.run(&format!("peer, {name}: heartbeats"), || {
        let renewed = |node: &Node| {
            Ok::<_, anyhow::Error>(node.read(id)?.context("gone")?["leaseInfo"]["lastRenewalTimestamp"].as_u64())
        };
        let before = renewed(to)?;
        // Once: a stock server whose instance renews twice within a batch's half second puts the batch off.
        from.heartbeat(id, 1)?.expect(200)?;
        wait_for("the lease is renewed", || Ok(renewed(to)? > before))
    });
    checks.run(&format!("peer, {name}: metadata"), || {
        from.change("PUT", &format!("/{id}/metadata?note=changed"))?;
        to.comes_to_say(id, |instance| instance["metadata"]["note"] == "changed")
    });
    checks.run(&format!("peer, {name}: an override and its removal"), || {
        from.change("PUT", &format!("/{id}/status?value=OUT_OF_SERVICE"))?;
        to.comes_to_say(id, |instance| {
            instance["status"] == "OUT_OF_SERVICE" && instance["overriddenStatus"] == "OUT_OF_SERVICE"
        })?;
        from.change("DELETE", &format!("/{id}/status?value=UP"))?;
        to.comes_to_say(id, |instance| instance["status"] == "UP" && instance["overriddenStatus"] == "UNKNOWN")
    });
    checks.run(&format!("peer, {name}: a cancel"), || {
        from.change("DELETE", &format!("/{id}"))?;
        to.comes_to_forget(id)
    });
}

/// What heartbeats find out when both know different things.
fn conflicts(checks: &mut Checks, name: &str, from: &Node, to: &Node) {
    let id = &format!("missing-{}", from.port());
    checks.run(&format!("peer, {name}: an instance the other does not know is told after a 404"), || {
        from.register(id, 5, &Told::ByPeer)?;
        ensure!(to.read(id)?.is_none(), "it was told without a heartbeat");
        from.heartbeat(id, 5)?.expect(200)?;
        to.comes_to_know(id)
    });
    let id = &format!("older-{}", from.port());
    checks.run(&format!("peer, {name}: who knows less takes over the newer instance of a 409"), || {
        from.register(id, 5, &Told::ByPeer)?;
        to.register(id, 9, &Told::ByPeer)?;
        from.heartbeat(id, 5)?.expect(200)?;
        from.comes_to_say(id, |instance| instance["lastDirtyTimestamp"] == *dirty(9))
    });
    let id = &format!("newer-{}", from.port());
    checks.run(&format!("peer, {name}: who knows more tells the other"), || {
        from.register(id, 9, &Told::ByPeer)?;
        to.register(id, 5, &Told::ByPeer)?;
        from.heartbeat(id, 9)?.expect(200)?;
        to.comes_to_say(id, |instance| instance["lastDirtyTimestamp"] == *dirty(9))
    });
}

fn burst(from: &Node, to: &Node) -> Result<()> {
    let ids: Vec<_> = (0..BURST).map(|number| format!("burst-{}-{number}", from.port())).collect();
    ids.iter().try_for_each(|id| from.register(id, 1, &Told::ByClient))?;
    ids.iter().try_for_each(|id| to.comes_to_know(id))
}

/// Either goes away while things happen, and comes back.
fn away(
    checks: &mut Checks,
    ours: &mut Registry,
    here: &Node,
    there: &Node,
    stock: &Stock,
    running: &mut Running,
) -> Result<()> {
    here.register("cancelled-meanwhile", 1, &Told::ByClient)?;
    there.comes_to_know("cancelled-meanwhile")?;
    running.kill();
    here.register("while-away", 1, &Told::ByClient)?;
    here.change("DELETE", "/cancelled-meanwhile")?;
    here.change("PUT", "/before/status?value=OUT_OF_SERVICE")?;
    *running = stock.start()?;
    checks.run("peer: a stock server that was killed is told what it missed", || {
        // It leaves out of what it takes over who is not up; that one is told with the next heartbeat.
        here.heartbeat("before", 1)?.expect(200)?;
        there.comes_to_know("while-away")?;
        there.comes_to_forget("cancelled-meanwhile")?;
        there.comes_to_say("before", |instance| instance["status"] == "OUT_OF_SERVICE")
    });
    checks.run("peer: events go on after it came back", || {
        here.register("after-return", 1, &Told::ByClient)?;
        there.comes_to_know("after-return")
    });

    there.register_for("short", 1, SHORT_LEASE_S, &Told::ByClient)?;
    here.comes_to_know("short")?;
    ours.kill();
    there.register("while-ours-away", 1, &Told::ByClient)?;
    there.change("DELETE", "/short")?;
    there.change("PUT", "/after-return/status?value=OUT_OF_SERVICE")?;
    ours.start_again()?;
    checks.run("peer: ours, killed, is told what it missed", || {
        here.comes_to_know("while-ours-away")?;
        here.comes_to_say("after-return", |instance| instance["status"] == "OUT_OF_SERVICE")
    });
    checks.run("peer: an instance cancelled meanwhile is gone from both when its lease is over", || {
        here.comes_to_forget("short")?;
        there.comes_to_forget("short")
    });
    checks.run("peer: ours, with an empty memory, answers readers only with what its peer knows", || {
        ours.kill();
        ours.forget();
        ours.start_again()?;
        ensure!(here.read("while-ours-away")?.is_some(), "it answers without");
        wait_for("the hash codes are the same", || Ok(here.hash()? == there.hash()?))
    });
    Ok(())
}
