//! The audit's chain: each entry carries the hash of the one before, so that none can be changed, taken out or put in
//! between without every later hash being wrong.
//!
//! A chain cannot tell that its end was cut off, nor that all of it was written anew: whoever must rule that out notes
//! the head (`GET /api/audit/verify`) somewhere else from time to time.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// What the first entry has before it.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What is told of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub at_ms: i64,
    pub actor: String,
    pub action: String,
    pub target: String,
    /// JSON text.
    pub before: Option<String>,
    /// JSON text.
    pub after: Option<String>,
    pub reason: Option<String>,
}

/// An entry's place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub seq: i64,
    pub previous: String,
    pub hash: String,
}

/// Where the chain is whole so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub seq: i64,
    pub hash: String,
}

impl Head {
    /// Before the first entry.
    pub fn genesis() -> Self {
        Self { seq: 0, hash: GENESIS.to_owned() }
    }

    /// The head behind the next entry; `None` when that one does not follow or is not what it was.
    pub fn follow(&self, entry: &Entry, link: &Link) -> Option<Self> {
        let follows = link.seq == self.seq + 1 && link.previous == self.hash;
        let sealed = seal(entry, link.seq, link.previous.clone());
        (follows && sealed.hash == link.hash).then_some(Self { seq: link.seq, hash: sealed.hash })
    }
}

/// The place of an entry behind the one whose hash is `previous`.
pub fn seal(entry: &Entry, seq: i64, previous: String) -> Link {
    let mut hasher = Sha256::new();
    hasher.update(seq.to_be_bytes());
    hasher.update(entry.at_ms.to_be_bytes());
    let Entry { actor, action, target, before, after, reason, .. } = entry;
    let texts =
        [Some(&previous), Some(actor), Some(action), Some(target), before.as_ref(), after.as_ref(), reason.as_ref()];
    for text in texts {
        // With its length, so that no letter can wander from one field to the next; absent is not empty.
        match text {
            Some(text) => {
                hasher.update((text.len() as u64 + 1).to_be_bytes());
                hasher.update(text.as_bytes());
            }
            None => hasher.update(0_u64.to_be_bytes()),
        }
    }
    let mut hash = String::with_capacity(64);
    for byte in hasher.finalize() {
        let _ = write!(hash, "{byte:02x}");
    }
    Link { seq, previous, hash }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(target: &str) -> Entry {
        Entry {
            at_ms: 1,
            actor: "token".to_owned(),
            action: "log-level.set".to_owned(),
            target: target.to_owned(),
            before: Some("\"info\"".to_owned()),
            after: None,
            reason: None,
        }
    }

    fn chain(targets: &[&str]) -> Vec<(Entry, Link)> {
        let mut previous = GENESIS.to_owned();
        let mut links = Vec::new();
        for (index, target) in targets.iter().enumerate() {
            let link = seal(&entry(target), index as i64 + 1, previous);
            previous = link.hash.clone();
            links.push((entry(target), link));
        }
        links
    }

    /// How many entries are whole.
    fn whole(links: &[(Entry, Link)]) -> usize {
        let mut head = Head::genesis();
        links.iter().take_while(|(entry, link)| head.follow(entry, link).map(|next| head = next).is_some()).count()
    }

    #[test]
    fn a_chain_that_nobody_touched_is_whole() {
        assert_eq!(whole(&chain(&["a", "b", "c"])), 3);
    }

    #[test]
    fn changed_missing_and_moved_entries_break_it() {
        let mut changed = chain(&["a", "b", "c"]);
        changed[1].0.actor = "ada@example.org".to_owned();
        assert_eq!(whole(&changed), 1);

        let mut missing = chain(&["a", "b", "c"]);
        missing.remove(1);
        assert_eq!(whole(&missing), 1);

        let mut swapped = chain(&["a", "b", "c"]);
        swapped.swap(0, 1);
        assert_eq!(whole(&swapped), 0);

        // Sealed anew, but those behind it still know the old hash.
        let mut forged = chain(&["a", "b", "c"]);
        let previous = forged[0].1.hash.clone();
        forged[1] = (entry("x"), seal(&entry("x"), 2, previous));
        assert_eq!(whole(&forged), 2);
    }

    #[test]
    fn letters_do_not_wander_between_fields() {
        let one = Entry { action: "ab".to_owned(), target: "c".to_owned(), ..entry("") };
        let other = Entry { action: "a".to_owned(), target: "bc".to_owned(), ..entry("") };
        assert_ne!(seal(&one, 1, GENESIS.to_owned()).hash, seal(&other, 1, GENESIS.to_owned()).hash);
        let absent = Entry { reason: None, ..entry("") };
        let empty = Entry { reason: Some(String::new()), ..entry("") };
        assert_ne!(seal(&absent, 1, GENESIS.to_owned()).hash, seal(&empty, 1, GENESIS.to_owned()).hash);
    }
}
