//! What people see: headings with times, counts, and one summary line at the end.

use std::io::{self, Write};
use std::time::Instant;

/// One line or more on stdout.
pub fn say(text: &str) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "{text}");
    let _ = stdout.flush();
}

/// One line or more on stderr.
pub fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// How many checks held and how many did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
}

impl Counts {
    /// A check that is one thing: it held or it did not.
    pub fn one(held: bool) -> Self {
        Self { passed: u64::from(held), failed: u64::from(!held) }
    }

    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Whether anything was looked at. A step without what it needs looks at nothing, which is not good news.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }

    /// What came of a step, in a word.
    fn word(self) -> &'static str {
        match self {
            Self { failed: 1.., .. } => "FAILED",
            _ if self.is_nothing() => "NOT CHECKED",
            _ => "good",
        }
    }
}

/// The last line of a command that checks: an error when something did not hold.
pub fn closing(counts: Counts) -> anyhow::Result<()> {
    say(&format!("\n{} passed, {} failed", counts.passed, counts.failed));
    if counts.failed > 0 {
        anyhow::bail!("{} failed", counts.failed);
    }
    Ok(())
}

/// A step between its heading and its result.
#[derive(Debug)]
pub struct Step {
    name: String,
    started: Instant,
}

impl Step {
    pub fn begin(name: &str) -> Self {
        say(&format!("\n── {name}"));
        Self { name: name.to_owned(), started: Instant::now() }
    }

    pub fn end(&self, counts: Counts) {
        let Counts { passed, failed } = counts;
        let word = counts.word();
        let seconds = self.started.elapsed().as_secs_f64();
        say(&format!("   {word}: {} ({passed} passed, {failed} failed, {seconds:.1} s)", self.name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_looked_at_nothing_is_not_called_good() {
        let word = |passed, failed| Counts { passed, failed }.word();
        assert_eq!([word(3, 0), word(3, 1), word(0, 1), word(0, 0)], ["good", "FAILED", "FAILED", "NOT CHECKED"]);
    }
}
