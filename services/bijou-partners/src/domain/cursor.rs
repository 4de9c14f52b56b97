//! The cursor of changes: how far a reader has come, in which store.
//!
//! `<epoch>-<seq>`. Not signed: whoever makes one up only reads what they may read anyhow. The epoch is the store's own
//! random name, so that a cursor of a store that was lost and made anew is told from one that is merely ahead.

/// A place in the order of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) epoch: String,
    pub(crate) seq: i64,
}

impl Cursor {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (epoch, seq) = text.rsplit_once('-')?;
        let seq = seq.parse().ok().filter(|seq| *seq >= 0)?;
        let is_ours = (1..=32).contains(&epoch.len()) && epoch.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_ours.then(|| Self { epoch: epoch.to_owned(), seq })
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.epoch, self.seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_as_it_was_written() {
        let cursor = Cursor { epoch: "k3v9".to_owned(), seq: 1_234 };
        assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
    }

    #[test]
    fn other_texts_lead_nowhere() {
        for text in ["", "12", "-12", "k3v9-", "k3v9--1", "k3v9-x"] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }
}
