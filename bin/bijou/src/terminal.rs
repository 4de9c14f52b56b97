//! The only place that prints: the supervisor's screen, where log lines scroll above one line of progress.
//!
//! A closed pipe is no reason to stop a platform, so write errors are ignored.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

const AMBER: &str = "\x1b[38;2;255;182;72m";
const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";
const CLEAR_LINE: &str = "\r\x1b[2K";
/// Told apart at a glance, none of them red or yellow: those mean something.
const ROLE_COLORS: [&str; 6] = ["\x1b[36m", "\x1b[35m", "\x1b[34m", "\x1b[32m", "\x1b[96m", "\x1b[95m"];
const ROLE_WIDTH: usize = 15;

/// One line or more on stdout.
pub fn say(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// One line or more on stderr.
pub fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// The supervisor's output. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Screen {
    status: Arc<Mutex<Option<String>>>,
    color: bool,
    live: bool,
    json: bool,
}

impl Screen {
    /// `json`: log lines are for machines and pass unchanged.
    pub fn new(json: bool, color: bool) -> Self {
        let terminal = io::stdout().is_terminal() && io::stderr().is_terminal();
        Self { status: Arc::default(), color, live: terminal && !json, json }
    }

    /// Whether a line of progress can be redrawn in place.
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// Whether lines carry colours.
    pub fn is_colored(&self) -> bool {
        self.color
    }

    /// A line of a child's output. `who` is the role, with its slot when there are several.
    pub fn log(&self, who: &str, color: usize, line: &str) {
        if self.json {
            return complain(line);
        }
        let (paint, plain) = if self.color { (ROLE_COLORS[color % ROLE_COLORS.len()], PLAIN) } else { ("", "") };
        self.above(|| complain(&format!("{paint}{who:<ROLE_WIDTH$}{plain} │ {line}")));
    }

    /// What the supervisor itself has to tell about a role.
    pub fn note(&self, who: &str, text: &str) {
        if self.json {
            let line =
                serde_json::json!({ "severity": "WARN", "service.name": "supervisor", "role": who, "message": text });
            return complain(&line.to_string());
        }
        let (dim, plain) = if self.color { (DIM, PLAIN) } else { ("", "") };
        self.above(|| complain(&format!("{dim}{who:<ROLE_WIDTH$} │ {text}{plain}")));
    }

    /// Lines for people, on stdout.
    pub fn say(&self, text: &str) {
        self.above(|| say(text));
    }

    /// Five bulbs, `lit` of them on, and what is going on. Redrawn in place on a terminal, not shown elsewhere.
    pub fn progress(&self, lit: usize, text: &str) {
        if self.live {
            let line = format!("{} {text}", self.bulbs(lit));
            let mut status = self.lock();
            draw(&line);
            *status = Some(line);
        }
    }

    /// Takes the line of progress away.
    pub fn end_progress(&self) {
        if self.lock().take().is_some() {
            let _ = write!(io::stderr().lock(), "{CLEAR_LINE}");
        }
    }

    /// The sign over the door.
    pub fn bulbs(&self, lit: usize) -> String {
        let on = "●".repeat(lit.min(5));
        let off = "○".repeat(5 - lit.min(5));
        if self.color { format!("{AMBER}{on}{PLAIN}{DIM}{off}{PLAIN}") } else { format!("{on}{off}") }
    }

    fn above(&self, print: impl FnOnce()) {
        let status = self.lock();
        if let Some(line) = status.as_ref() {
            let _ = write!(io::stderr().lock(), "{CLEAR_LINE}");
            print();
            draw(line);
        } else {
            print();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn draw(line: &str) {
    let mut stderr = io::stderr().lock();
    let _ = write!(stderr, "{CLEAR_LINE}{line}");
    let _ = stderr.flush();
}
