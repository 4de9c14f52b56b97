//! When readers are answered after a start: not before it is known what the peers know, and not never.
//!
//! Eureka asks its peers a few times, and when they told nothing answers 403 for five minutes. Here they are asked until
//! they answer, within a shorter time. Registries that start together would wait for each other: each tells the other
//! what it has all the same, so that all have it, and that they are asking too, so that none waits for more.

use std::{fmt::Write, time::Duration};

use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep_until},
};
use tracing::{info, warn};

use super::Peers;
use crate::registry::Registry;

/// Once one peer has told of instances, the others, which know the same, get so much longer.
const REST_WAIT_MAX: Duration = Duration::from_secs(2);

/// What came of asking a peer for its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// No attempt is over yet.
    Pending,
    /// Why not; it is asked again.
    Failed(String),
    /// How many instances it told of.
    Told(usize),
    /// It told what it has, but asks its own peers, perhaps this very registry.
    AskingToo,
    /// It is this registry.
    Own,
}

/// What is known so far, and until when it is waited for more.
#[derive(Debug)]
pub struct Opening {
    pub heard: Notify,
    /// Set while readers are not answered.
    until: watch::Sender<Option<Instant>>,
}

impl Default for Opening {
    fn default() -> Self {
        Opening { heard: Notify::new(), until: watch::Sender::new(None) }
    }
}

/// How much the answers are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Worth {
    /// Nobody is left who could know more.
    All,
    /// One who was answering readers has told of instances.
    Some,
    Nothing,
}

fn worth(answers: &[Answer]) -> Worth {
    let is_over = |answer: &Answer| matches!(answer, Answer::Told(_) | Answer::AskingToo | Answer::Own);
    let tells = |answer: &Answer| matches!(answer, Answer::Told(count) if *count > 0);
    match (!answers.is_empty() && answers.iter().all(is_over), answers.iter().any(tells)) {
        (true, _) => Worth::All,
        (false, true) => Worth::Some,
        (false, false) => Worth::Nothing,
    }
}

impl Peers {
    /// Closes the registry to readers of lists until the peers have told what they know, or `wait` is over.
    pub(super) fn close(&self, registry: &Registry, wait: Duration) {
        self.opening.until.send_replace(Some(Instant::now() + wait));
        registry.set_open(false);
    }

    pub(super) async fn open_when_told(&self, registry: &Registry) {
        let Some(mut until) = *self.opening.until.borrow() else { return };
        let is_told = loop {
            let heard = self.opening.heard.notified();
            match worth(&self.answers()) {
                Worth::All => break true,
                Worth::Some => until = until.min(Instant::now() + REST_WAIT_MAX),
                Worth::Nothing => {}
            }
            tokio::select! {
                // What was heard at the last moment counts too.
                biased;
                () = heard => {}
                () = sleep_until(until) => break worth(&self.answers()) != Worth::Nothing,
            }
        };
        let answers = self.worded();
        self.opening.until.send_replace(None);
        registry.set_open(true);
        if is_told {
            info!("peers were asked, readers are answered from now on: {answers}");
        } else {
            warn!("no peer told of anybody in time, readers are answered with what is here: {answers}");
        }
    }

    /// Why readers are not answered yet; `None` where they are.
    pub fn why_closed(&self) -> Option<String> {
        let until = (*self.opening.until.borrow())?;
        let left_s = until.saturating_duration_since(Instant::now()).as_secs_f64().ceil();
        Some(format!("asking peers: {}; opening in {left_s} s at the latest", self.worded()))
    }

    fn answers(&self) -> Vec<Answer> {
        self.list.load().iter().map(|peer| peer.answer.borrow().clone()).collect()
    }

    fn worded(&self) -> String {
        let mut text = String::new();
        for peer in self.list.load().iter() {
            let separator = if text.is_empty() { "" } else { ", " };
            let answer = peer.answer.borrow();
            // Writing to a string cannot fail.
            let _ = match &*answer {
                Answer::Pending => write!(text, "{separator}`{}` has not answered", peer.url),
                Answer::Failed(error) => write!(text, "{separator}`{}`: {error}", peer.url),
                Answer::Told(count) => write!(text, "{separator}`{}` told of {count} instances", peer.url),
                Answer::AskingToo => write!(text, "{separator}`{}` is asking too", peer.url),
                Answer::Own => write!(text, "{separator}`{}` is this registry", peer.url),
            };
        }
        if text.is_empty() {
            text = format!("`{}` is not found in DNS", self.settings.dns);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(answers: &[Answer], expected: Worth) {
        assert_eq!(worth(answers), expected, "{answers:?}");
    }

    #[test]
    fn it_is_known_enough_when_nobody_is_left_who_knows_more() {
        check(&[Answer::Told(0)], Worth::All);
        check(&[Answer::Own], Worth::All);
        check(&[Answer::Own, Answer::AskingToo, Answer::Told(7)], Worth::All);
    }

    #[test]
    fn a_peer_that_fails_is_waited_for_unless_another_tells_of_somebody() {
        let failed = || Answer::Failed("connection refused".to_owned());
        check(&[failed()], Worth::Nothing);
        check(&[failed(), Answer::AskingToo, Answer::Own], Worth::Nothing);
        check(&[failed(), Answer::Told(0)], Worth::Nothing);
        check(&[failed(), Answer::Told(1)], Worth::Some);
        check(&[Answer::Pending, Answer::Told(1)], Worth::Some);
    }

    #[test]
    fn a_name_that_leads_nowhere_is_no_answer() {
        check(&[], Worth::Nothing);
    }
}
