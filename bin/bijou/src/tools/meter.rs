//! Progress of one long job: redrawn in place on a terminal, a line every tenth elsewhere.

use std::io::{IsTerminal, Write, stderr};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::terminal;

#[derive(Debug)]
pub struct Meter {
    name: String,
    in_place: bool,
    /// Percent shown last, plus one; 0 for none.
    shown: AtomicU64,
}

impl Meter {
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), in_place: stderr().is_terminal(), shown: AtomicU64::new(0) }
    }

    /// `fraction` of the whole, 0 to 1, and what is being done.
    pub fn show(&self, fraction: f64, doing: &str) {
        let percent = (fraction.clamp(0.0, 1.0) * 100.0) as u64;
        let step = if self.in_place { 1 } else { 10 };
        let mark = percent / step * step + 1;
        if self.shown.swap(mark, Ordering::Relaxed) == mark {
            return;
        }
        let lit = usize::try_from(percent / 20).unwrap_or(5);
        let bulbs = "●".repeat(lit) + &"○".repeat(5 - lit.min(5));
        let line = format!("{bulbs} {percent:3} %  {}: {doing}", self.name);
        if self.in_place {
            let _ = write!(stderr().lock(), "\r\x1b[2K{line}");
        } else {
            terminal::complain(&line);
        }
    }

    /// Takes the line away.
    pub fn end(&self) {
        if self.in_place {
            let _ = write!(stderr().lock(), "\r\x1b[2K");
        }
    }
}
