//! Measures search over 36,000 titles, as `cargo xtask bench search [FILE]` runs it.
//!
//! A real catalog on SQLite is filled, indexed and asked over one kept connection: what is measured is what a caller
//! meets, with reading and writing JSON and without the gateway. FILE is JSON lines (`.gz` too), either as imports have
//! them or as the Wikipedia lists of films do (`title`, `year`, `genres`, `cast`); without one titles are made up.
//!
//! Queries are known titles of four letters and more with one typo each (a letter lost, doubled, exchanged, or swapped with
//! its neighbour, anywhere), the same as they are, and their beginnings. A title counts as found when one of its name is
//! among the first three: nobody who types a name can say which of two films of that name is meant.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use bijou_catalog::import::{Mode, import_file};
use bijou_testkit::{TestService, sqlite_database};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error>;

const TITLES: usize = 36_000;
const QUERIES: usize = 2_000;
const SEED: u64 = 36;
const SEARCH: &str = "/v1/search?limit=20&q=";
/// The longest that the 99th of a hundred answers may take, in milliseconds.
const P99_MAX_MS: f64 = 10.0;
/// How many of a hundred titles have to be found by their names with one typo.
const FOUND_MIN: f64 = 95.0;
/// A passport lives for a minute.
const PASSPORT_FOR: Duration = Duration::from_secs(20);

/// What was measured of one kind of query.
struct Measured {
    p99_ms: f64,
    /// Of a hundred, those whose title was among the first three.
    found: f64,
}

struct Title {
    name: String,
    line: String,
}

fn main() -> Result<(), Failure> {
    let mut random = StdRng::seed_from_u64(SEED);
    let file = std::env::args().nth(1);
    let titles = match &file {
        Some(file) => read(Path::new(file))?,
        None => (0..TITLES).map(|number| invented(number, &mut random)).collect(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let database = sqlite_database();
    let begun = Instant::now();
    let service = runtime.block_on(async {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("titles.jsonl");
        let lines: Vec<&str> = titles.iter().map(|title| title.line.as_str()).collect();
        std::fs::write(&file, lines.join("\n"))?;
        let mut told = Vec::new();
        let outcome = import_file(&database.url, &file, Mode::Apply, 1_000_000, &mut told).await;
        outcome.map_err(|error| format!("{error}\n{}", String::from_utf8_lossy(&told)))?;
        let imported = begun.elapsed();
        let begun = Instant::now();
        let service = TestService::of(bijou_catalog::ROLE).database(&database.url).start(bijou_catalog::service).await;
        let mut user = Reader::open(&service)?;
        while user.get("/v1/search?q=x")?.0 != 200 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        say(&format!(
            "{} titles; imported in {:.1} s; from the start of the service to the first search {:.2} s (reading and indexing); index {:.1} MB.\n",
            titles.len(),
            imported.as_secs_f64(),
            begun.elapsed().as_secs_f64(),
            size_of(&service.data_dir().join("cache/search")) as f64 / 1e6
        ))?;
        Ok::<_, Failure>(service)
    })?;
    let mut user = Reader::open(&service)?;
    let known: Vec<&Title> = titles.iter().filter(|title| letters(&title.name) >= 4).collect();
    let asked: Vec<&Title> = (0..QUERIES).filter_map(|_| known.choose(&mut random).copied()).collect();

    say("| Query | queries | p50, ms | p99, ms | longest, ms | in the first three, % |\n|---|---|---|---|---|---|")?;
    let typos: Vec<(String, &str)> =
        asked.iter().map(|title| (typo(&title.name, &mut random), title.name.as_str())).collect();
    let whole: Vec<(String, &str)> = asked.iter().map(|title| (title.name.clone(), title.name.as_str())).collect();
    let begun: Vec<(String, &str)> = asked.iter().map(|title| (beginning(&title.name), title.name.as_str())).collect();
    let lists: Vec<(String, &str)> =
        (0..200).map(|at| (format!("{}&year_to={}", 1900 + at / 2, 1950 + at / 2), "")).collect();
    let mut missed = Vec::new();
    for (what, path, queries, found_min) in [
        ("one typo", SEARCH, &typos, file.as_ref().map(|_| FOUND_MIN)),
        ("as it is", SEARCH, &whole, None),
        ("three quarters of it", SEARCH, &begun, None),
        ("suggestions, three quarters", "/v1/search/suggestions?q=", &begun, None),
        ("list with facets, a new filter each", "/v1/titles?limit=20&year_from=", &lists, None),
    ] {
        let Measured { p99_ms, found } = row(&mut user, what, path, queries)?;
        if p99_ms > P99_MAX_MS {
            missed.push(format!("{what}: {p99_ms:.2} ms, above {P99_MAX_MS}"));
        }
        if found_min.is_some_and(|least| found < least) {
            missed.push(format!("{what}: {found:.1} % found, below {FOUND_MIN}"));
        }
    }
    let metrics = String::from_utf8(user.get("/metrics")?.1)?;
    let figure = |name: &str| metrics.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok());
    if let (Some(sum), Some(count)) = (figure("bijou_search_seconds_sum"), figure("bijou_search_seconds_count")) {
        let within = figure("bijou_search_seconds_bucket{le=\"0.008\"}").unwrap_or_default();
        let (mean, within) = (sum / count * 1e3, within / count * 1e2);
        say(&format!(
            "\nIn the index alone: {mean:.2} ms on average, {within:.1} % within 8 ms, over {count} searches."
        ))?;
    }
    runtime.block_on(service.stop());
    if missed.is_empty() { Ok(()) } else { Err(missed.join("; ").into()) }
}

/// Asks all and prints one row.
fn row(user: &mut Reader, what: &str, path: &str, queries: &[(String, &str)]) -> Result<Measured, Failure> {
    let (mut times, mut found) = (Vec::with_capacity(queries.len()), 0);
    for (query, name) in queries {
        let path = if name.is_empty() { format!("{path}{query}") } else { format!("{path}{}", encoded(query)) };
        let begun = Instant::now();
        let (status, body) = user.get(&path)?;
        times.push(begun.elapsed());
        if status != 200 {
            return Err(format!("{path} is {status}: {}", String::from_utf8_lossy(&body)).into());
        }
        let page: Value = serde_json::from_slice(&body)?;
        let first = page["items"].as_array().into_iter().flatten().take(3);
        found += usize::from(first.into_iter().any(|item| item["name"] == **name || item["text"] == **name));
    }
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    let found = 100.0 * found as f64 / queries.len() as f64;
    let is_about_names = queries.iter().any(|(_, name)| !name.is_empty());
    let shown = if is_about_names { format!("{found:.1}") } else { String::new() };
    say(&format!("| {what} | {} | {:.2} | {:.2} | {:.2} | {shown} |", queries.len(), at(0.5), at(0.99), at(1.0)))?;
    Ok(Measured { p99_ms: at(0.99), found })
}

/// One reader on one connection.
struct Reader<'a> {
    service: &'a TestService,
    stream: BufReader<TcpStream>,
    passport: String,
    issued: Instant,
}

impl<'a> Reader<'a> {
    fn open(service: &'a TestService) -> Result<Self, Failure> {
        let address = service.base_url.trim_start_matches("http://");
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let (passport, issued) = (service.passports.anonymous(), Instant::now());
        Ok(Self { service, stream: BufReader::new(stream), passport, issued })
    }

    fn get(&mut self, path: &str) -> Result<(u16, Vec<u8>), Failure> {
        if self.issued.elapsed() > PASSPORT_FOR {
            (self.passport, self.issued) = (self.service.passports.anonymous(), Instant::now());
        }
        let head = format!("GET {path} HTTP/1.1\r\nhost: x\r\n{}: {}\r\n\r\n", bijou_passport::HEADER, self.passport);
        self.stream.get_mut().write_all(head.as_bytes())?;
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let text = line.trim();
            if text.is_empty() {
                break;
            }
            if status == 0 {
                status = text.split(' ').nth(1).unwrap_or_default().parse()?;
            } else if let Some((name, value)) = text.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status, body))
    }
}

fn read(file: &Path) -> Result<Vec<Title>, Failure> {
    let bytes = std::fs::read(file)?;
    let mut text = String::new();
    if file.extension().is_some_and(|extension| extension == "gz") {
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text)?;
    } else {
        text = String::from_utf8(bytes)?;
    }
    text.lines().enumerate().map(|(number, line)| title(number, serde_json::from_str(line)?)).collect()
}

fn title(number: usize, mut line: Value) -> Result<Title, Failure> {
    if line.get("title").is_some() {
        let cast = line["cast"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let credits: Vec<Value> = cast
            .filter(|name| name.chars().any(char::is_alphabetic))
            .map(|name| json!({ "name": name, "role": "actor", "person_id": format!("p-{}", hex(name)) }))
            .collect();
        // One "title" of the lists is a paragraph.
        let name: String = line["title"].as_str().unwrap_or_default().chars().take(300).collect();
        line = json!({
            "id": format!("t{number}"), "name": name, "year": line["year"], "genres": line["genres"],
            "credits": credits, "synopsis": line["extract"], "certification": 0,
        });
    }
    let name = line["name"].as_str().ok_or("a title without a name")?.trim().to_owned();
    Ok(Title { name, line: line.to_string() })
}

/// An id that fits whatever people are called.
fn hex(name: &str) -> String {
    name.bytes().take(40).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

/// A title of one to five words, frequent ones more often, with two people and a genre.
fn invented(number: usize, random: &mut StdRng) -> Title {
    let mut word = || {
        // About as uneven as the words of names are.
        let rank = (8_000.0_f64.powf(random.random_range(0.0..1.0)) * 2.0) as u64;
        invented_word(rank)
    };
    let count = 1 + number % 5;
    let name = (0..count).map(|_| capitalised(&word())).collect::<Vec<_>>().join(" ");
    let people = [word() + "son", word() + "ez"].map(|name| capitalised(&name));
    let line = json!({
        "id": format!("t{number}"), "name": name, "year": 1920 + number % 105, "certification": number % 19,
        "genres": [format!("Genre {}", number % 23)], "popularity": number * 7919 % 100_000,
        "credits": people.map(|name| json!({ "name": format!("{name} {}", capitalised(&word())), "role": "actor" })),
    });
    Title { name, line: line.to_string() }
}

/// Syllables by number: the same word for the same rank.
fn invented_word(rank: u64) -> String {
    const SYLLABLES: [&str; 16] =
        ["ka", "ren", "mo", "lis", "ta", "vor", "shi", "den", "lo", "gar", "pe", "nam", "ri", "sol", "du", "feth"];
    let mut rest = rank * 2_654_435_761 % 65_536;
    let mut word = String::new();
    for _ in 0..2 + rank % 3 {
        word.push_str(SYLLABLES[(rest % 16) as usize]);
        rest /= 16;
    }
    word
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn letters(name: &str) -> usize {
    name.chars().filter(|letter| letter.is_alphabetic()).count()
}

/// A name with one typo in a letter of it.
fn typo(name: &str, random: &mut StdRng) -> String {
    let mut all: Vec<char> = name.chars().collect();
    let places: Vec<usize> = (0..all.len()).filter(|at| all[*at].is_alphabetic()).collect();
    let at = *places.choose(random).expect("a known title has letters");
    match random.random_range(0..4) {
        0 => {
            all.remove(at);
        }
        1 => all.insert(at, all[at]),
        2 => all[at] = char::from(b'a' + random.random_range(0..26)),
        _ if at + 1 < all.len() => all.swap(at, at + 1),
        _ => all.swap(at - 1, at),
    }
    all.into_iter().collect()
}

fn beginning(name: &str) -> String {
    let count = name.chars().count();
    name.chars().take((count * 3).div_ceil(4)).collect()
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

fn size_of(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(
            |entry| {
                if entry.path().is_dir() {
                    size_of(&entry.path())
                } else {
                    entry.metadata().map_or(0, |file| file.len())
                }
            },
        )
        .sum()
}

fn say(text: &str) -> Result<(), Failure> {
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}
