//! What a stock Eureka server answered to real clients, to a peer and to requests made by hand, held against what we
//! answer to the same requests in the same order: status, media type, compression, and every name and value in the body.
//!
//! The recordings are in `tests/exchanges`, made by `cargo xtask conformance record`. Times of the server, versions of
//! deltas and the order of applications and instances are of one run and compared as kinds; the version of an instance is
//! the one its client sent; all else is the same or in the list of [`differences`].

mod differences;
mod shape;

use std::{collections::BTreeSet, path::PathBuf};

use self::{
    differences::{Case, DIFFERENCES},
    shape::{Shape, Versions},
};
use crate::{
    exchanges::{Exchange, parse, plain, send},
    support::{Answer, Site},
};

/// An answer as far as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    pub media_type: Option<String>,
    pub is_gzip: bool,
    pub body: Option<Shape>,
}

impl Answered {
    fn recorded(text: &str) -> Self {
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let status = lines.next().unwrap().parse().unwrap();
        let media_type = lines.find_map(|line| line.strip_prefix("content-type: ")).map(media_type);
        let is_gzip = body.starts_with("[gzip]");
        Answered { status, media_type, is_gzip, body: shape_of(body.trim_start_matches("[gzip]")) }
    }

    fn given(answer: &Answer) -> Self {
        let header = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap());
        let body = shape_of(&plain(answer));
        // Of an empty body there is no type to speak of.
        let media_type = header("content-type").filter(|_| body.is_some()).map(media_type);
        Answered { status: answer.status.as_u16(), media_type, is_gzip: header("content-encoding").is_some(), body }
    }
}

fn media_type(value: &str) -> String {
    value.split(';').next().unwrap_or_default().to_owned()
}

/// `None` for no body; a body that is neither JSON nor XML is its text.
fn shape_of(body: &str) -> Option<Shape> {
    match body.chars().next() {
        None => None,
        Some('{' | '[' | '<') => Some(Shape::of(body)),
        Some(_) => Some(Shape::Text(body.to_owned())),
    }
}

/// A request's body, where it is none of those that nobody could read.
fn readable(body: &str) -> Option<Shape> {
    let is_json = serde_json::from_str::<serde_json::Value>(body).is_ok();
    (is_json || body.starts_with("<instance")).then(|| Shape::of(body))
}

/// Replays a recording. Notes which of the [`DIFFERENCES`] were met, and what is wrong.
async fn replay(path: &PathBuf, met: &mut BTreeSet<&'static str>, wrong: &mut Vec<String>) {
    let (_, exchanges) = parse(&std::fs::read_to_string(path).unwrap());
    assert!(!exchanges.is_empty());
    let site = Site::start();
    let mut sent = Versions::new();
    for Exchange { title, request, response } in exchanges {
        let ours = Answered::given(&send(&site, &request).await);
        // Of what was refused nothing is kept.
        let body = request.split_once("\n\n").filter(|_| ours.status < 300).map(|(_, body)| body);
        if let Some(mut said) = body.and_then(readable) {
            said.note_versions(&mut sent);
        }
        let request = request.lines().next().unwrap().to_owned();
        let mut case = Case { request, theirs: Answered::recorded(&response), ours };
        for body in [&mut case.theirs.body, &mut case.ours.body].into_iter().flatten() {
            body.settle_versions(&sent);
        }
        for difference in &DIFFERENCES {
            if case.theirs == case.ours {
                break;
            }
            let before = (case.theirs.clone(), case.ours.clone());
            (difference.settle)(&mut case);
            if before != (case.theirs.clone(), case.ours.clone()) {
                met.insert(difference.row);
            }
        }
        if case.theirs != case.ours {
            let name = path.file_name().unwrap().display();
            wrong.push(format!("{name} {title}: {}\n{}", case.request, told(&case)));
        }
    }
    site.stop().await;
}

fn told(case: &Case) -> String {
    let Case { theirs, ours, .. } = case;
    let mut lines = Vec::new();
    match (&ours.body, &theirs.body) {
        (Some(ours), Some(theirs)) => ours.unlike(theirs, "  ", &mut lines),
        (ours, theirs) if ours != theirs => lines.push(format!("  {ours:?}\n     and not {theirs:?}")),
        _ => {}
    }
    let head = |answered: &Answered| (answered.status, answered.media_type.clone(), answered.is_gzip);
    if head(ours) != head(theirs) {
        lines.push(format!("  {:?}\n     and not {:?}", head(ours), head(theirs)));
    }
    lines.join("\n")
}

#[tokio::test]
async fn we_answer_as_a_stock_server_answered_but_for_what_we_say_differs() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let recordings = std::fs::read_dir(folder.join("tests/exchanges")).unwrap();
    let mut recordings = recordings.map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    recordings.sort();
    assert!(!recordings.is_empty());
    let (mut met, mut wrong) = (BTreeSet::new(), Vec::new());
    for recording in &recordings {
        replay(recording, &mut met, &mut wrong).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let told = std::fs::read_to_string(folder.join("../../docs/moving-from-eureka.md")).unwrap();
    for difference in &DIFFERENCES {
        assert!(met.contains(difference.row), "no recording shows what is said of `{}`", difference.row);
        assert!(told.contains(&format!("\n| {} |", difference.row)), "people are not told of `{}`", difference.row);
    }
}
