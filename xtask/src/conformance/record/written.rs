//! Exchanges as they are kept: in the form of `contracts/eureka`, with what is of one run and one machine taken out.
//!
//! Times that a client sent become small ones in the same order, so that what is newer stays newer; other times become
//! `{time}`, ports and names of the machine fixed ones. What polling clients asked before and were answered the same can be
//! left out.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::pass::Exchange;

/// Headers of a request that a registry may go by.
const ASKED: [&str; 9] = [
    "accept",
    "accept-encoding",
    "content-type",
    "content-encoding",
    "x-eureka-accept",
    "x-netflix-discovery-replication",
    "discoveryidentity-name",
    "discoveryidentity-version",
    "user-agent",
];
/// Headers of an answer that a client may go by.
const ANSWERED: [&str; 3] = ["content-type", "content-encoding", "allow"];
/// Where times of clients begin in what is kept, behind those of requests that are made by hand.
const BEGAN_MS: u64 = 1_790_000_000_100;

/// Words of this run and what stands for them.
pub type Replaced = Vec<(String, String)>;

/// What becomes of a question that is asked again and answered the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    Kept,
    LeftOut,
}

/// The file's text.
pub fn file(preface: &str, exchanges: &[Exchange], replaced: &Replaced, repeats: Repeats) -> Result<String> {
    let times = times(exchanges);
    let mut text = format!("{preface}\n");
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut number = 0;
    for exchange in exchanges {
        let asked = without_run(&asked(exchange), &times, replaced);
        let answered = without_server_times(&without_run(&answered(exchange)?, &times, replaced));
        let compared = without_versions(&answered);
        let may_be_left_out = repeats == Repeats::LeftOut && (exchange.method == "GET" || is_heartbeat(exchange));
        if may_be_left_out && seen.get(&asked) == Some(&compared) {
            continue;
        }
        seen.insert(asked.clone(), compared);
        number += 1;
        write!(text, "### {number}\n>>>\n{asked}\n<<<\n{answered}\n\n")?;
    }
    Ok(text)
}

fn is_heartbeat(exchange: &Exchange) -> bool {
    let path = exchange.path.split('?').next().unwrap_or_default();
    exchange.method == "PUT" && !path.ends_with("/status") && !path.ends_with("/metadata")
}

fn asked(exchange: &Exchange) -> String {
    let mut lines = vec![format!("{} {}", exchange.method, exchange.path)];
    let kept = exchange.headers.iter().filter(|(name, _)| ASKED.contains(&name.as_str()));
    lines.extend(kept.map(|(name, value)| format!("{name}: {value}")));
    if !exchange.body.is_empty() {
        lines.extend([String::new(), String::from_utf8_lossy(&exchange.body).trim_end().to_owned()]);
    }
    lines.join("\n")
}

fn answered(exchange: &Exchange) -> Result<String> {
    let mut lines = vec![exchange.status.to_string()];
    let header = |name: &str| crate::conformance::http::header(&exchange.answer_headers, name);
    for name in ANSWERED {
        if let Some(value) = header(name).filter(|_| !exchange.answer_body.is_empty()) {
            lines.push(format!("{name}: {value}"));
        }
    }
    if exchange.answer_body.is_empty() {
        return Ok(lines.join("\n"));
    }
    if header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
        // It has a date in words.
        return Ok(format!("{}\n\n(a page for people)", lines.join("\n")));
    }
    let is_gzip = header("content-encoding") == Some("gzip");
    let body = if is_gzip { gunzip(&exchange.answer_body)? } else { exchange.answer_body.clone() };
    let body = String::from_utf8(body).context("a body that is no text")?;
    Ok(format!("{}\n\n{}{}", lines.join("\n"), if is_gzip { "[gzip]" } else { "" }, body.trim_end()))
}

fn gunzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut gzip = Command::new("gzip").arg("-dc").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    // Small enough to fit what a pipe holds, or else written while it is read: a list of a few instances.
    gzip.stdin.take().context("piped above")?.write_all(bytes)?;
    let output = gzip.wait_with_output()?;
    anyhow::ensure!(output.status.success(), "gzip refused a body");
    Ok(output.stdout)
}

/// Every time that clients sent, with what stands for it.
fn times(exchanges: &[Exchange]) -> HashMap<String, String> {
    let mut sent = BTreeSet::new();
    for exchange in exchanges {
        let asked = asked(exchange);
        numbers(&asked, |number| {
            if is_time(number) && !number.starts_with("1790000000") {
                sent.insert(number.to_owned());
            }
        });
    }
    let stand_ins = (1_u64..).map(|rank| (BEGAN_MS + rank).to_string());
    sent.into_iter().zip(stand_ins).collect()
}

/// Milliseconds since 1970, of these years.
fn is_time(number: &str) -> bool {
    number.len() == 13 && number.starts_with('1')
}

/// Calls for each run of digits.
fn numbers(text: &str, mut found: impl FnMut(&str)) {
    text.split(|character: char| !character.is_ascii_digit()).filter(|run| !run.is_empty()).for_each(&mut found);
}

/// The text with every run of digits put through `replace`.
fn with_numbers(text: &str, replace: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        let (before, digits) = rest.split_at(start);
        let end = digits.find(|character: char| !character.is_ascii_digit()).unwrap_or(digits.len());
        out.push_str(before);
        out.push_str(&replace(&digits[..end]));
        rest = &digits[end..];
    }
    out + rest
}

fn without_run(text: &str, times: &HashMap<String, String>, replaced: &Replaced) -> String {
    let text = with_numbers(text, |number| {
        let stand_in = times.get(number).or_else(|| replaced.iter().find(|(from, _)| from == number).map(|(_, to)| to));
        stand_in.map_or_else(|| number.to_owned(), Clone::clone)
    });
    let words = replaced.iter().filter(|(from, _)| !from.chars().all(|character| character.is_ascii_digit()));
    words.fold(text, |text, (from, to)| text.replace(from, to))
}

fn without_server_times(text: &str) -> String {
    let text = with_numbers(text, |number| {
        if is_time(number) && !number.starts_with("1790000000") { "{time}".to_owned() } else { number.to_owned() }
    });
    // What Spring says when it refuses something.
    let Some(start) = text.find("\"timestamp\":\"") else { return text };
    let value = start + "\"timestamp\":\"".len();
    let end = text[value..].find('"').map_or(text.len(), |length| value + length);
    format!("{}{{time}}{}", &text[..value], &text[end..])
}

/// The number of a delta, which says only that it was made anew.
fn without_versions(answered: &str) -> String {
    let Some(start) = answered.find("versions__delta") else { return answered.to_owned() };
    let after = &answered[start..];
    let digits = after.find(|character: char| character.is_ascii_digit()).unwrap_or(after.len());
    let end =
        after[digits..].find(|character: char| !character.is_ascii_digit()).map_or(after.len(), |end| digits + end);
    format!("{}{}", &answered[..start + digits], &after[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(path: &str, answer: &str) -> Exchange {
        Exchange {
            method: "GET".to_owned(),
            path: path.to_owned(),
            headers: vec![("accept".to_owned(), "a".to_owned()), ("cookie".to_owned(), "b".to_owned())],
            body: Vec::new(),
            status: 200,
            answer_headers: Vec::new(),
            answer_body: answer.as_bytes().to_vec(),
        }
    }

    #[test]
    fn what_is_of_one_run_is_taken_out_and_repeats_are_left_out() {
        let exchanges = [
            exchange("/a?t=1795381555331", "\"versions__delta\":\"7\", 1795381555331 1795381556352 on box:41234"),
            exchange("/a?t=1795381555331", "\"versions__delta\":\"8\", 1795381555331 1795381556353 on box:41234"),
            exchange("/a?t=1795381555000", ""),
        ];
        let replaced = vec![("41234".to_owned(), "8080".to_owned()), ("box".to_owned(), "n7".to_owned())];
        assert_eq!(
            file("# Told.", &exchanges, &replaced, Repeats::LeftOut).expect("text"),
            "# Told.\n### 1\n>>>\nGET /a?t=1790000000102\naccept: a\n<<<\n200\n\n\
             \"versions__delta\":\"7\", 1790000000102 {time} on n7:8080\n\n\
             ### 2\n>>>\nGET /a?t=1790000000101\naccept: a\n<<<\n200\n\n"
        );
    }
}
