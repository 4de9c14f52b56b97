//! Steps about the screens, and those that use a running platform from outside.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::rust::built;
use super::{Context, counts};
use crate::conformance::stage::{Registry, free_port};
use crate::platform::{DEMO_ACCOUNT, Platform};
use crate::process::{logged, program, root, variable};
use crate::report::Counts;
use crate::web;

/// Whom synthetic checks sign in as; the test signs it up.
const CHECKS_ACCOUNT: (&str, &str) = ("checks@bijou.example", "lanterns-and-velvet-ropes");

/// A cold debug build of the platform on two busy cores, its demo film included.
const READY_MAX: Duration = Duration::from_mins(2);

pub fn build(_: &mut Context) -> Result<Counts> {
    web::build()?;
    Ok(Counts::one(true))
}

pub fn types(_: &mut Context) -> Result<Counts> {
    let mut command = program("npm", "web");
    Ok(Counts::one(logged(command.args(["run", "--silent", "check"]), "web types", |_| {})?))
}

pub fn unit(_: &mut Context) -> Result<Counts> {
    vitest(&["test"], "web unit tests", &[])
}

/// The README's first calls, as they stand there.
pub fn first_calls(context: &mut Context) -> Result<Counts> {
    let bijou = built(context)?.bijou.clone();
    let mut platform = Platform::start_patient(&bijou, "first-calls", &[])?;
    platform.wait_until_ready(READY_MAX)?;
    let mut command = program("sh", ".");
    command.arg("examples/first-calls.sh").arg(platform.url("gateway")?);
    Ok(Counts::one(logged(&mut command, "first calls", |_| {})?))
}

/// The story in a real browser.
pub fn browser(context: &mut Context) -> Result<Counts> {
    let bijou = built(context)?.bijou.clone();
    let (email, password) = CHECKS_ACCOUNT;
    // Something has to be going away, so that the portal and the console can show who still calls it. Checks run when the page
    // asks: one between two steps of a story would be one more request to explain.
    let config = root().join("target/xtask/browser.toml");
    fs::create_dir_all(config.parent().context("a file lies in a folder")?)?;
    fs::write(
        &config,
        format!(
            "[[partners.deprecations]]\noperation = \"list_feeds\"\nsince = \"2026-01-01T00:00:00Z\"\n\
             sunset = \"2099-01-01T00:00:00Z\"\nlink = \"https://films.example/moving-on\"\n\
             [console]\nchecks.email = \"{email}\"\nchecks.password = \"{password}\"\nchecks.every_s = 0\n"
        ),
    )?;
    let config = config.to_str().context("the folder's name is text")?;
    let mut platform = Platform::start_patient(&bijou, "browser", &["--config", config])?;
    platform.wait_until_ready(READY_MAX)?;
    let environment = [
        ("BIJOU_BASE_URL", platform.url("gateway")?),
        ("BIJOU_OPERATOR_URL", platform.url("operator")?),
        ("BIJOU_RUN_FILE", platform.run_file().display().to_string()),
        ("BIJOU_OPERATOR_TOKEN", platform.secret("operator_token")?),
        ("BIJOU_DEMO_PASSWORD", platform.secret("demo_password")?),
        ("BIJOU_E2E_OPERATOR", DEMO_ACCOUNT.to_owned()),
        ("BIJOU_E2E_CHECKS_EMAIL", email.to_owned()),
        ("BIJOU_E2E_CHECKS_PASSWORD", password.to_owned()),
    ];
    vitest(&["run", "e2e"], "browser", &environment)
}

/// The registry's own page in a real browser, on two registries that are peers and nothing else.
pub fn registry_page(context: &mut Context) -> Result<Counts> {
    let bijou = built(context)?.bijou.clone();
    let folder = root().join("target/xtask/registry-page");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    let ports = [free_port()?, free_port()?];
    let peers = ports.map(|port| format!("http://127.0.0.1:{port}/eureka")).join(",");
    let start = |name: &str, port: u16| {
        let settings = [("BIJOU_REGISTRY__PEERS__URLS", peers.clone())];
        Registry::start_at(port, &bijou, &folder, name, &settings)
    };
    // Both have to be there before either answers readers.
    let (here, there) = std::thread::scope(|scope| {
        let there = scope.spawn(|| start("there", ports[1]));
        (start("here", ports[0]), there.join())
    });
    let _here = here?;
    let _there = there.map_err(|_| anyhow::anyhow!("a thread panicked"))??;
    let environment = [
        ("BIJOU_REGISTRY_URL", format!("http://127.0.0.1:{}", ports[0])),
        ("BIJOU_REGISTRY_PEER_URL", format!("http://127.0.0.1:{}", ports[1])),
    ];
    vitest(&["run", "e2e", "--", "registry"], "registry-page", &environment)
}

fn vitest(arguments: &[&str], log: &str, environment: &[(&str, String)]) -> Result<Counts> {
    let mut counts = Counts::default();
    let mut command = program("npm", "web");
    command.args(arguments).envs(environment.iter().map(|(name, value)| (*name, value.as_str())));
    if let Some(chromium) = variable("BIJOU_CHROMIUM") {
        command.env("BIJOU_CHROMIUM", chromium);
    }
    let succeeded = logged(&mut command, log, |line| counts::vitest(line, &mut counts))?;
    Ok(counted(counts, succeeded))
}

/// A runner that failed without counting a failure did not get to its tests.
fn counted(counts: Counts, succeeded: bool) -> Counts {
    if !succeeded && counts.failed == 0 {
        return Counts { failed: 1, ..counts };
    }
    counts
}
