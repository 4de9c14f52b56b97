//! A town to measure in: titles by the ten thousand, people with tastes, and what they have watched.
//!
//! Everything comes in by the platform's own doors (import, sign-up, profiles, positions, thumbs), so what is measured later is
//! what real members would have left behind. Invented, the same in every run, never written outside the bench's folder.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::connection::Connection;
use crate::platform::Platform;
use crate::process::root;
use crate::report::say;

/// An account holds so many at most.
const PROFILES_PER_ACCOUNT: usize = 5;
/// Films that each person has watched, and how many of those they liked: a model learns from these.
const PLAYS: usize = 8;
const LIKED: usize = 3;
/// People who ask while it is measured; the others are there. Their tokens must not end before the measuring does.
const ASKERS_MAX: usize = 1000;
/// Titles that plays are spread over: the first of each genre.
const KNOWN_PER_GENRE: usize = 200;

const GENRES: [&str; 12] = [
    "Adventure",
    "Animation",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Family",
    "Horror",
    "Mystery",
    "Romance",
    "Science fiction",
    "Western",
];
const WORDS: [&str; 24] = [
    "Amber", "Broken", "Cardinal", "Distant", "Emerald", "Falling", "Golden", "Hidden", "Iron", "July", "Kindred",
    "Last", "Midnight", "Northern", "Open", "Paper", "Quiet", "River", "Silver", "Tender", "Unlit", "Velvet", "Winter",
    "Yellow",
];
const THINGS: [&str; 20] = [
    "Harbour", "Letter", "Garden", "Road", "Window", "Orchard", "Signal", "Bridge", "Mirror", "Season", "Island",
    "Witness", "Lantern", "Voyage", "House", "Country", "Promise", "Station", "Shore", "Dance",
];

/// Puts this many titles into the platform's catalog.
pub fn import(executable: &Path, platform: &Platform, titles: usize) -> Result<()> {
    let file = root().join("target/xtask/bench-titles.jsonl");
    let mut lines = BufWriter::new(File::create(&file)?);
    for number in 0..titles {
        writeln!(lines, "{}", title(number))?;
    }
    lines.into_inner()?.sync_all()?;
    let status = Command::new(executable)
        .args(["catalog", "import", "--apply"])
        .arg(&file)
        .arg("--data")
        .arg(platform.folder())
        .env("BIJOU_REGISTRY__URL", platform.url("registry")?)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()?;
    if !status.success() {
        bail!("the import of {titles} titles failed");
    }
    Ok(())
}

fn title(number: usize) -> Value {
    let genre = GENRES[number % GENRES.len()];
    let age = [0, 6, 12, 16, 18][number / 5 % 5];
    let name = format!("{} {} {number}", WORDS[number / 7 % WORDS.len()], THINGS[number / 3 % THINGS.len()]);
    json!({
        "id": id(number), "kind": "movie", "name": name, "year": 1930 + number % 96, "genres": [genre],
        "certification": age, "runtime_s": 5000 + number % 4000,
        "synopsis_short": format!("A {} story about a {}.", genre.to_lowercase(), THINGS[number % THINGS.len()].to_lowercase()),
    })
}

fn id(number: usize) -> String {
    format!("bench-{number}")
}

/// Makes a model of what the town likes, as the platform does by itself every now and then.
pub fn learn(executable: &Path, platform: &Platform) -> Result<()> {
    let status = Command::new(executable)
        .args(["recommend", "train", "--data"])
        .arg(platform.folder())
        .stdin(Stdio::null())
        .status()?;
    if !status.success() {
        bail!("no model could be made");
    }
    Ok(())
}

/// Signs up accounts of five people each, lets each watch films of one genre and a few others, and returns the tokens
/// of those who will ask.
pub fn settle(gateway: &str, profiles: usize) -> Result<Vec<String>> {
    let accounts = profiles.div_ceil(PROFILES_PER_ACCOUNT);
    let known = known_titles(gateway)?;
    say(&format!("   signing up {accounts} accounts of {PROFILES_PER_ACCOUNT} people, {PLAYS} films each"));
    let threads: Vec<_> = (0..2)
        .map(|part| {
            let (gateway, known) = (gateway.to_owned(), known.clone());
            thread::spawn(move || -> Result<Vec<(String, String)>> {
                let mut people = Vec::new();
                for account in (part..accounts).step_by(2) {
                    people.extend(household(&gateway, account, &known)?);
                }
                Ok(people)
            })
        })
        .collect();
    let mut people = Vec::new();
    for thread in threads {
        people.extend(thread.join().map_err(|_| anyhow::anyhow!("a thread that signs up panicked"))??);
    }
    // Access tokens end after ten minutes: the askers get theirs now.
    let step = people.len().div_ceil(ASKERS_MAX).max(PROFILES_PER_ACCOUNT);
    let mut connection = Connection::open(gateway)?;
    people.iter().step_by(step).map(|(refresh, profile)| renew(&mut connection, refresh, profile)).collect()
}

/// Ids of the titles that people know.
fn known_titles(gateway: &str) -> Result<Vec<String>> {
    let mut connection = Connection::open(gateway)?;
    let mut known = Vec::new();
    let mut path = "/v1/titles?limit=100&fields=id".to_owned();
    while known.len() < KNOWN_PER_GENRE * GENRES.len() {
        let page = connection.get(&path, "")?.expect(200, "the list of titles")?;
        known.extend(ids(&page["items"]));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/titles?limit=100&fields=id&cursor={next}");
    }
    Ok(known)
}

fn ids(items: &Value) -> Vec<String> {
    items.as_array().into_iter().flatten().filter_map(|item| Some(item["id"].as_str()?.to_owned())).collect()
}

/// One account with its people: for each the account's refresh token and the profile's id.
fn household(gateway: &str, number: usize, known: &[String]) -> Result<Vec<(String, String)>> {
    let mut connection = Connection::open(gateway)?;
    let since = std::time::UNIX_EPOCH.elapsed().context("the clock is before 1970")?;
    let member = json!({ "email": format!("town-{number}-{}@bijou.example", since.as_nanos()), "password": "a phrase to measure with" });
    connection.post("/v1/accounts", "", &member)?.expect(201, "sign-up")?;
    let signed_in = connection.post("/v1/sessions", "", &member)?.expect(201, "sign-in")?;
    let refresh = signed_in["refresh_token"].as_str().context("no refresh token")?.to_owned();
    let account = signed_in["access_token"].as_str().context("no access token")?.to_owned();
    let bearer = format!("authorization: Bearer {account}\r\n");
    let mut people = Vec::new();
    // The first look at an account makes its first profile.
    let there = connection.get("/v1/profiles", &bearer)?.expect(200, "the profiles")?;
    let mut profiles: Vec<String> = ids(&there["items"]);
    for person in profiles.len()..PROFILES_PER_ACCOUNT {
        let made = connection.post("/v1/profiles", &bearer, &json!({ "name": format!("Person {person}") }))?;
        profiles.push(made.expect(201, "a profile")?["id"].as_str().context("no profile id")?.to_owned());
    }
    for (person, profile) in profiles.into_iter().enumerate() {
        let own = format!("authorization: Bearer {}\r\n", exchange(&mut connection, &account, &profile)?);
        for (play, report) in watched(number * PROFILES_PER_ACCOUNT + person, known).iter().enumerate() {
            let title = report["title_id"].as_str().context("a play without a title")?;
            connection.put(&format!("/v1/me/positions/{title}"), &own, report)?.expect_done("a position")?;
            if play < LIKED {
                connection
                    .put(&format!("/v1/me/thumbs/{title}"), &own, &json!({ "value": "up" }))?
                    .expect_done("a thumb")?;
            }
        }
        people.push((refresh.clone(), profile));
    }
    Ok(people)
}

/// Mostly of one kind: titles whose number leaves the same remainder share a genre.
fn watched(person: usize, known: &[String]) -> Vec<Value> {
    let taste = person % GENRES.len();
    (0..PLAYS)
        .map(|play| {
            let shuffled = person.wrapping_mul(2_654_435_761).wrapping_add(play * 40_503) >> 3;
            let place = if play % 4 == 3 {
                shuffled % known.len()
            } else {
                (shuffled % (known.len() / GENRES.len()).max(1) * GENRES.len() + taste) % known.len()
            };
            json!({
                "title_id": known[place], "session": format!("town-{person}-{play}"), "seq": 1,
                "position_s": 1800, "duration_s": 5400, "state": "stopped",
                "at": format!("2026-11-{:02}T{:02}:00:00Z", 1 + play, 10 + person % 12),
            })
        })
        .collect()
}

fn exchange(connection: &mut Connection, token: &str, profile: &str) -> Result<String> {
    let form = format!(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token={token}\
         &subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token\
         &resource=urn%3Abijou%3Aprofile%3A{profile}"
    );
    let granted = connection.post_form("/oauth/token", &form)?.expect(200, "the token exchange")?;
    Ok(granted["access_token"].as_str().context("no access token")?.to_owned())
}

/// A fresh token of the profile. A refresh token works once, so a household's is used by one of its people only.
fn renew(connection: &mut Connection, refresh: &str, profile: &str) -> Result<String> {
    let granted = connection.post_form("/oauth/token", &format!("grant_type=refresh_token&refresh_token={refresh}"))?;
    let account = granted.expect(200, "the refresh")?["access_token"].as_str().context("no access token")?.to_owned();
    exchange(connection, &account, profile)
}
