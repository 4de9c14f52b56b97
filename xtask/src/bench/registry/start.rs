//! Start to serving, and how fresh what is served is.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::fleet::{Fleet, get};
use super::process::{self, Server};
use super::work::WORKS;

const FRESH_MAX: Duration = Duration::from_secs(90);

/// Ours with nothing in its folder: from its start to its first answer.
pub fn empty(executable: &Path, folder: &Path, rounds: u32) -> Result<Vec<Duration>> {
    (0..rounds)
        .map(|round| {
            let folder = folder.join(format!("empty-{round}"));
            fs::create_dir_all(&folder)?;
            let port = process::free_port()?;
            let started = Instant::now();
            process::ours(executable, &folder, port)?.wait_for("/eureka/apps")?;
            Ok(started.elapsed())
        })
        .collect()
}

/// Ours killed and started again: from its start to an answer that knows everybody.
pub fn restored(
    mut server: Server,
    executable: &Path,
    folder: &Path,
    fleet: Fleet,
    rounds: u32,
) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for _ in 0..rounds {
        let port = server.address.port();
        server.kill();
        let started = Instant::now();
        server = process::ours(executable, folder, port)?;
        let answer = server.wait_for("/eureka/apps/delta")?;
        times.push(started.elapsed());
        let known = counted(&answer)?;
        if known < fleet.len() {
            bail!("only {known} instances are back");
        }
    }
    Ok(times)
}

/// How many instances a list's hash code counts.
fn counted(list: &str) -> Result<u64> {
    let (_, rest) = list.split_once("\"apps__hashcode\":\"").context("no hash code")?;
    let hash = rest.split('"').next().unwrap_or_default();
    Ok(hash.split('_').filter_map(|part| part.parse::<u64>().ok()).sum())
}

/// From a change to a delta that has it, for a client that asks all the time.
pub fn until_in_delta(server: &Server, fleet: Fleet) -> Result<Duration> {
    let (app, id) = fleet.name(fleet.len() - 1);
    let mark = format!("mark-{}", std::time::UNIX_EPOCH.elapsed().context("the clock is before 1970")?.as_nanos());
    let started = Instant::now();
    let (status, _) = server.send("PUT", &format!("/eureka/apps/{app}/{id}/metadata?fresh={mark}"))?;
    if status != 200 {
        bail!("{} answered a change with {status}", server.name);
    }
    loop {
        if server.ask("/eureka/apps/delta")?.1.contains(&mark) {
            return Ok(started.elapsed());
        }
        if started.elapsed() > FRESH_MAX {
            bail!("{} does not show a change in its delta", server.name);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Keeps what ours answers to full fetches as files for nginx.
pub fn keep_files(server: &Server, folder: &Path) -> Result<()> {
    for work in WORKS {
        let (Some(file), Some((path, accept, headers))) = (work.file(), work.list()) else { continue };
        let mut stream = TcpStream::connect(server.address)?;
        stream.write_all(&get(path, accept, &format!("{headers}connection: close\r\n")))?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        let head = answer.windows(4).position(|four| four == b"\r\n\r\n").context("no HTTP answer")?;
        fs::write(folder.join(file), &answer[head + 4..])?;
    }
    Ok(())
}
