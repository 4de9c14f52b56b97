//! `bench gateway`: CPU of the gateway per request, beside nginx and HAProxy in one run.
//!
//! Each proxy runs alone on core 0; the origin (two nginx servers) and the load (`wrk`, 64 kept connections) on core 1.
//! All do the same work: choose by path prefix, take two origins in turn or by load, keep connections on both sides, add
//! `X-Forwarded-For` and `-Proto`. Ours does it with everything on that is on by default (framing guard, normalisation,
//! stripping, ids, discovery through the registry, passport, limits, metrics, timelines), and once more with an access
//! token to check. What is measured is the scheduler's time of all threads of the proxy over the requests `wrk`
//! completed; not throughput, which one core of load would bound.

mod proxies;
mod telemetry;
mod token;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::machine;
use crate::install::{HAPROXY, NGINX, OPENSSL, WRK, require};
use crate::process::root;
use crate::report::say;
use crate::up;

const CONNECTIONS: u32 = 64;
/// What browsers send beside the request line: some 500 bytes.
const HEADERS: [&str; 6] = [
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Language: en-GB,en;q=0.9,de;q=0.8",
    "Cookie: theme=dark; consent=1; experiment=control; visitor=0123456789abcdef0123456789abcdef",
    "Referer: http://localhost:8080/title/bo-lanterns",
    "Cache-Control: no-cache",
];
/// Name, path and bytes of the answers.
const SIZES: [(&str, &str, usize); 3] =
    [("tiny", "/api/tiny", 2), ("10 KB", "/api/10k", 10_240), ("100 KB", "/api/100k", 102_400)];

/// A proxy that is running, and how it is asked.
pub(super) struct Proxy {
    name: &'static str,
    port: u16,
    /// Of the processes whose time counts.
    pids: Vec<u32>,
    token: Option<String>,
    /// They end with the proxy; only the first one is measured.
    children: Vec<Running>,
}

impl Proxy {
    /// Lets a process that the proxy needs end with it.
    fn keep(&mut self, helper: Running) {
        self.children.push(helper);
    }
}

/// A process that ends with this value.
pub(super) struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // SIGTERM first: nginx takes its worker along.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let until = Instant::now() + Duration::from_secs(3);
        while Instant::now() < until && matches!(self.0.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What one round came to.
struct Measured {
    cpu_us: f64,
    requests_per_s: f64,
    p99: String,
    failed: u64,
}

/// Counts and times what telemetry costs and prints Markdown.
pub fn run_telemetry(requests: usize, seconds: u32, rounds: u32, executable: Option<PathBuf>) -> Result<()> {
    let (executable, folder) = prepared(executable)?;
    telemetry::run(&executable, &folder, requests, seconds, rounds)
}

/// The executable that is measured, and an empty folder.
fn prepared(executable: Option<PathBuf>) -> Result<(PathBuf, PathBuf)> {
    if thread::available_parallelism().map_or(1, std::num::NonZero::get) < 2 {
        bail!("two cores are needed: one for the proxy, one for the rest");
    }
    let executable = match executable {
        Some(given) => given.canonicalize().with_context(|| format!("there is no {}", given.display()))?,
        None => up::build_bijou(true)?,
    };
    let folder = root().join("target/bench-gateway");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    Ok((executable, folder))
}

/// Runs everything and prints Markdown.
pub fn run(seconds: u32, rounds: u32, executable: Option<PathBuf>) -> Result<()> {
    require(&[&NGINX, &HAPROXY, &WRK, &OPENSSL])?;
    let (executable, folder) = prepared(executable)?;
    let mut raw: BTreeMap<(usize, usize), Vec<Measured>> = BTreeMap::new();
    let key = token::Key::generate(&folder)?;
    let origins = proxies::origins(&folder, &key.jwks())?;
    let starts = proxies::all();
    let mut names = Vec::new();
    for round in 0..rounds {
        for (index, start) in starts.iter().enumerate() {
            let proxy =
                start(&folder, &executable, &origins, &key).with_context(|| format!("proxy {index} did not start"))?;
            if round == 0 {
                names.push(proxy.name);
            }
            warm_up(&proxy)?;
            for (size, (_, path, _)) in SIZES.iter().enumerate() {
                let measured = measure(&proxy, path, seconds)?;
                say(&format!(
                    "   round {}: {:<28} {:<7} {:>7.2} us  {:>8.0} requests/s",
                    round + 1,
                    proxy.name,
                    SIZES[size].0,
                    measured.cpu_us,
                    measured.requests_per_s
                ));
                raw.entry((index, size)).or_default().push(measured);
            }
        }
    }
    report(&names, &raw, seconds, rounds, &executable);
    Ok(())
}

fn report(names: &[&str], raw: &BTreeMap<(usize, usize), Vec<Measured>>, seconds: u32, rounds: u32, executable: &Path) {
    say(&format!("\n{}\n", machine()));
    say(&format!("{}\n", versions(executable)));
    say(&format!(
        "CPU of the whole proxy process per completed request, microseconds, lowest of {rounds} rounds of {seconds} s; \
         proxy on core 0, origins and load on core 1, {CONNECTIONS} connections, some 500 bytes of request headers.\n"
    ));
    let lowest = |proxy, size| raw[&(proxy, size)].iter().map(|one| one.cpu_us).fold(f64::INFINITY, f64::min);
    say(&format!("| proxy | {} | tiny, x nginx |", SIZES.map(|(name, ..)| name).join(" | ")));
    say("|---|---|---|---|---|");
    let nginx = names.iter().position(|name| *name == "nginx").unwrap_or(0);
    for (proxy, name) in names.iter().enumerate() {
        let cells: Vec<String> = (0..SIZES.len()).map(|size| format!("{:.1}", lowest(proxy, size))).collect();
        say(&format!("| {name} | {} | {:.2} |", cells.join(" | "), lowest(proxy, 0) / lowest(nginx, 0)));
    }
    say("\nRaw rounds: microseconds, requests per second, p99, answers that were not 200.\n");
    say("| proxy | size | rounds |");
    say("|---|---|---|");
    for ((proxy, size), rounds) in raw {
        let cells: Vec<String> = rounds
            .iter()
            .map(|one| format!("{:.2} us, {:.0}/s, {}, {}", one.cpu_us, one.requests_per_s, one.p99, one.failed))
            .collect();
        say(&format!("| {} | {} | {} |", names[*proxy], SIZES[*size].0, cells.join("; ")));
    }
}

fn versions(executable: &Path) -> String {
    let of = |program: &Path, flag: &str| {
        let output = Command::new(program).arg(flag).output();
        let text = output.map(|output| [output.stdout, output.stderr].concat()).unwrap_or_default();
        String::from_utf8_lossy(&text).lines().next().unwrap_or("unknown").trim().to_owned()
    };
    let system = |name: &str, flag: &str| of(&find(name), flag);
    [of(executable, "--version"), system("nginx", "-v"), system("haproxy", "-v"), system("wrk", "-v")].join("; ")
}

/// A program of the system, also where ordinary users' paths do not look.
pub(super) fn find(name: &str) -> PathBuf {
    let folders = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"];
    folders.iter().map(|folder| Path::new(folder).join(name)).find(|path| path.exists()).unwrap_or_else(|| name.into())
}

/// Starts a program on one core, its output in a log beside its configuration.
pub(super) fn on_core(core: u8, program: &Path, arguments: &[&str], folder: &Path, log: &str) -> Result<Running> {
    let log = fs::File::create(folder.join(log))?;
    let child = Command::new("taskset")
        .args(["-c", &core.to_string()])
        .arg(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    Ok(Running(child))
}

impl Running {
    /// The process and its children: nginx works in one.
    pub(super) fn pids(&self) -> Vec<u32> {
        let own = self.0.id();
        let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children")).unwrap_or_default();
        std::iter::once(own).chain(children.split_whitespace().filter_map(|pid| pid.parse().ok())).collect()
    }
}

/// Waits until a port answers a path with 200.
pub(super) fn wait_for(port: u16, path: &str, token: Option<&str>) -> Result<()> {
    wait_at_most(Duration::from_secs(15), port, path, token)
}

fn wait_at_most(limit: Duration, port: u16, path: &str, token: Option<&str>) -> Result<()> {
    let until = Instant::now() + limit;
    while Instant::now() < until {
        if ask(port, path, token).is_ok_and(|status| status == 200) {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(50));
    }
    bail!("nothing answers http://127.0.0.1:{port}{path}")
}

fn ask(port: u16, path: &str, token: Option<&str>) -> Result<u16> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    let authorization = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\n{authorization}connection: close\r\n\r\n")?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    Ok(std::str::from_utf8(&head[9..])?.parse()?)
}

fn warm_up(proxy: &Proxy) -> Result<()> {
    for (_, path, _) in SIZES {
        wait_for(proxy.port, path, proxy.token.as_deref())?;
    }
    measure(proxy, SIZES[0].1, 1).map(drop)
}

fn measure(proxy: &Proxy, path: &str, seconds: u32) -> Result<Measured> {
    let mut wrk = Command::new("taskset");
    wrk.args(["-c", "1", "wrk", "-t1", &format!("-c{CONNECTIONS}"), &format!("-d{seconds}s"), "--latency"]);
    for header in HEADERS {
        wrk.args(["-H", header]);
    }
    if let Some(token) = &proxy.token {
        wrk.args(["-H", &format!("Authorization: Bearer {token}")]);
    }
    wrk.arg(format!("http://127.0.0.1:{}{path}", proxy.port));
    let before = cpu_ns(&proxy.pids)?;
    let output = wrk.output().context("wrk cannot be started")?;
    let spent = cpu_ns(&proxy.pids)? - before;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let number =
        |name: &str| text.lines().find_map(|line| line.trim().strip_prefix(name)).map(|rest| rest.trim().to_owned());
    let requests: f64 = text
        .lines()
        .find_map(|line| line.trim().split_once(" requests in "))
        .and_then(|(count, _)| count.parse().ok())
        .with_context(|| format!("wrk said: {text}"))?;
    Ok(Measured {
        cpu_us: spent as f64 / 1000.0 / requests,
        requests_per_s: number("Requests/sec:").and_then(|rate| rate.parse().ok()).unwrap_or_default(),
        p99: number("99%").unwrap_or_default(),
        failed: number("Non-2xx or 3xx responses:").and_then(|count| count.parse().ok()).unwrap_or_default(),
    })
}

/// Time on a processor of all threads of these processes: the first number of `schedstat`, in nanoseconds.
fn cpu_ns(pids: &[u32]) -> Result<u64> {
    let mut total = 0;
    for pid in pids {
        for task in
            fs::read_dir(format!("/proc/{pid}/task")).with_context(|| format!("process {pid} has ended"))?.flatten()
        {
            let text = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
            total += text.split(' ').next().and_then(|ns| ns.parse::<u64>().ok()).unwrap_or_default();
        }
    }
    Ok(total)
}
