//! Feeds of a running platform, judged by what their readers and others publish (`conformance/feeds`).
//!
//! Google's by schema.org's vocabulary, Roku's by Roku's own JSON schema, which comes without a licence and is therefore
//! fetched for each run and never kept in the repository, Media RSS by a reader. Amazon's and Apple's have no judge: the
//! partners' README says why. Each judge has to find a mistake that was put in, too, or its silence would mean nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::http::{self, Extra};
use super::toolchains::{self, Language};
use super::{Checks, skip};
use crate::platform::Platform;
use crate::process::{program, root};
use crate::report::say;

/// A cold debug build on two busy cores.
const READY_MAX: Duration = Duration::from_mins(2);
/// Until the first film and the first episode are encoded, which waits for everything else a machine has to do.
const FILMS_MAX: Duration = Duration::from_mins(20);
const ROKU_SCHEMA: &str = "https://raw.githubusercontent.com/rokudev/search-feed-json/HEAD/schema.json";

pub fn run(checks: &mut Checks, executable: &Path, skipped: &mut u64) -> Result<()> {
    let python = judge_in(Language::Python, "roku and mrss", skipped, || toolchains::python_with("feeds"))?;
    let node = judge_in(Language::Node, "google", skipped, || toolchains::node_with("feeds"))?;
    if python.is_none() && node.is_none() {
        return Ok(());
    }
    let folder = root().join("target/xtask/feeds");
    fs::create_dir_all(&folder)?;
    let partner = Partner::start(executable, &folder)?;

    if node.is_some() {
        let judge = |feed: &Path| verdict(program("node", "conformance").arg("feeds/judge.mjs").arg(feed));
        let feed = partner.feed("google")?;
        checks.run("google: every element and member is schema.org's", || whole(&feed, &folder, &judge));
        checks.run("google: a member that schema.org does not have is found", || {
            let broken = replaced(&feed, "\"urlTemplate\"", "\"urlTemplat\"")?;
            broken_by(&broken, &folder, "urlTemplat", &judge)
        });
    }
    let Some(python) = python else { return Ok(()) };
    let python = python.to_string_lossy().into_owned();
    let judge = |form: &str, feed: &Path, beside: &str| {
        verdict(program(&python, "conformance").args(["feeds/judge.py", form]).arg(feed).arg(beside))
    };

    match roku_schema() {
        Ok(schema) => {
            let schema = schema.to_string_lossy().into_owned();
            let judge = |feed: &Path| judge("roku", feed, &schema);
            let feed = partner.feed("roku")?;
            checks.run("roku: keeps Roku's own schema", || whole(&feed, &folder, &judge));
            checks.run("roku: a genre that Roku does not know is found", || {
                let mut broken: Value = serde_json::from_str(&feed)?;
                broken["assets"][0]["genres"] = json!(["night"]);
                broken_by(&broken.to_string(), &folder, "night", &judge)
            });
        }
        Err(error) => skip(skipped, "roku", &format!("{error:#}")),
    }

    let feed = partner.feed("mrss")?;
    let items = feed.matches("<item>").count().to_string();
    let judge = |feed: &Path| judge("mrss", feed, &items);
    checks.run("mrss: a reader finds every item, its player and where it may be played", || {
        whole(&feed, &folder, &judge)
    });
    checks.run("mrss: an item without a player is found", || {
        let broken = replaced(&feed, "<media:player ", "<media:plaier ")?;
        broken_by(&broken, &folder, "a player is not found", &judge)
    });
    Ok(())
}

/// What a judge needs, `None` when this machine lacks it.
fn judge_in<T>(
    language: Language,
    name: &str,
    skipped: &mut u64,
    make: impl FnOnce() -> Result<T>,
) -> Result<Option<T>> {
    match language.lacks() {
        None => make().map(Some),
        Some(lacking) => {
            skip(skipped, name, &lacking);
            Ok(None)
        }
    }
}

/// A platform with a film and an episode that can be played, and a key of a partner's.
struct Partner {
    _platform: Platform,
    gateway: String,
    key: String,
}

impl Partner {
    fn start(executable: &Path, folder: &Path) -> Result<Self> {
        let config = folder.join("bijou.toml");
        let settings = "[demo]\nfetch_films = false\n[gateway]\nrate_limiting = false\n\
                        [partners]\nfeed_fresh_s = 1\nsandbox_per_minute = 100000\nsandbox_per_day = 1000000\n";
        fs::write(&config, settings)?;
        let config = config.to_str().context("the folder's name is text")?;
        let mut platform = Platform::start_patient(executable, "conformance-feeds", &["--config", config])?;
        platform.wait_until_ready(READY_MAX)?;
        let gateway = platform.url("gateway")?;
        let person = json!({ "email": "partner@bijou.example", "password": "a phrase to be tested with" }).to_string();
        let post = |path: &str, body: &str, headers: &[(&str, &str)]| {
            let extra = Extra { body: Some(body.to_owned()), headers };
            http::send("POST", &format!("{gateway}{path}"), &extra)?.expect(201)?.json()
        };
        post("/v1/accounts", &person, &[])?;
        let session = post("/v1/sessions", &person, &[])?;
        let bearer = format!("Bearer {}", session["access_token"].as_str().context("no access token")?);
        let app = post("/partner/v1/apps", "{\"name\":\"Judge\"}", &[("authorization", &bearer)])?;
        let key = app["key"]["text"].as_str().context("no key")?.to_owned();
        let partner = Self { _platform: platform, gateway, key };
        partner.wait_for_films()?;
        Ok(partner)
    }

    /// A feed of nothing would please every judge.
    fn wait_for_films(&self) -> Result<()> {
        let started = Instant::now();
        loop {
            let feed = self.ask("/partner/v1/feeds/google")?;
            let has = |kind: &str| feed.text().contains(&format!("\"@type\":\"{kind}\""));
            if feed.status == 200 && ["Movie", "TVSeries", "TVSeason", "TVEpisode"].into_iter().all(has) {
                return Ok(());
            }
            if started.elapsed() > FILMS_MAX {
                bail!("after {} s there is no film and no episode that can be played", FILMS_MAX.as_secs());
            }
            std::thread::sleep(Duration::from_secs(1));
        }
    }

    fn ask(&self, path: &str) -> Result<http::Answer> {
        http::get_with(&format!("{}{path}", self.gateway), &[("x-api-key", &self.key)])
    }

    fn feed(&self, name: &str) -> Result<String> {
        Ok(self.ask(&format!("/partner/v1/feeds/{name}?territory=US"))?.expect(200)?.text())
    }
}

/// Roku's schema as it is now, or as it was fetched last.
fn roku_schema() -> Result<PathBuf> {
    let folder = root().join("target/conformance/feeds");
    fs::create_dir_all(&folder)?;
    let (kept, fetched) = (folder.join("roku-schema.json"), folder.join("roku-schema.json.new"));
    let mut fetch = Command::new("curl");
    fetch.args(["--fail", "--silent", "--show-error", "--location", "--max-time", "30", "--output"]);
    let answer = fetch.arg(&fetched).arg(ROKU_SCHEMA).output().context("curl cannot be started")?;
    if answer.status.success() {
        fs::rename(&fetched, &kept)?;
    } else {
        let reason = String::from_utf8_lossy(&answer.stderr).trim().to_owned();
        ensure!(kept.is_file(), "{ROKU_SCHEMA} cannot be had ({reason}); a copy may lie at {}", kept.display());
        say(&format!("   Roku's schema as it was had before: {reason}"));
    }
    Ok(kept)
}

/// What a judge found wrong; nothing when all is well.
fn verdict(judge: &mut Command) -> Result<Option<String>> {
    let answer = judge.output().context("the judge cannot be started")?;
    let said = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    match answer.status.code() {
        Some(0) => Ok(None),
        Some(1) if !said.is_empty() => Ok(Some(said)),
        _ => bail!("the judge failed: {}", String::from_utf8_lossy(&answer.stderr).trim()),
    }
}

fn whole(feed: &str, folder: &Path, judge: &dyn Fn(&Path) -> Result<Option<String>>) -> Result<()> {
    match judged(feed, folder, judge)? {
        None => Ok(()),
        Some(mistakes) => bail!("{mistakes}"),
    }
}

fn broken_by(feed: &str, folder: &Path, word: &str, judge: &dyn Fn(&Path) -> Result<Option<String>>) -> Result<()> {
    let mistakes = judged(feed, folder, judge)?.context("nothing was found")?;
    ensure!(mistakes.contains(word), "something else was found: {mistakes}");
    Ok(())
}

fn judged(feed: &str, folder: &Path, judge: &dyn Fn(&Path) -> Result<Option<String>>) -> Result<Option<String>> {
    let file = folder.join("feed");
    fs::write(&file, feed)?;
    judge(&file)
}

/// With the first of these words exchanged, which has to be there.
fn replaced(feed: &str, word: &str, other: &str) -> Result<String> {
    ensure!(feed.contains(word), "there is no {word} in the feed");
    Ok(feed.replacen(word, other, 1))
}
