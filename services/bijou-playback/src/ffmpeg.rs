//! ffmpeg and ffprobe as child processes: finding them, asking about a file, encoding, taking stills.
//!
//! They are programs, not a library: a crash in a codec takes down a child and not the service, and whoever runs Bijou
//! chooses the build. Their absence is a state ([`ToolsError::Missing`]) that callers report, never a panic.

pub mod encode;
pub mod probe;
pub mod run;

use std::process::Stdio;

use tokio::process::Command;

/// Niceness of encodes that nobody waits for.
const BACKGROUND_NICENESS: &str = "15";

/// The programs, found and tried.
#[derive(Debug, Clone)]
pub struct Tools {
    ffmpeg: String,
    ffprobe: String,
    /// First line of `ffmpeg -version`.
    pub version: String,
    /// Whether `setpriv` can tie a child's life to ours (util-linux; not on every system).
    can_tie: bool,
}

/// Why there are no tools.
#[derive(Debug, thiserror::Error)]
pub enum ToolsError {
    #[error("`{0}` is not installed; on Debian and Ubuntu: apt-get install ffmpeg")]
    Missing(String),
    #[error("`{program}` does not run")]
    Broken {
        program: String,
        #[source]
        source: std::io::Error,
    },
}

/// How urgently a child runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// Somebody waits for it.
    Normal,
    /// Whatever the machine has left over.
    Background,
}

impl Tools {
    /// Tries both programs, by name or path.
    pub async fn find(ffmpeg: &str, ffprobe: &str) -> Result<Self, ToolsError> {
        let tied = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "true"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        // Somebody may be waiting for a first film: at the same time.
        let (version, other, tied) = tokio::join!(first_line(ffmpeg), first_line(ffprobe), tied);
        other?;
        let can_tie = tied.is_ok_and(|status| status.success());
        Ok(Self { ffmpeg: ffmpeg.to_owned(), ffprobe: ffprobe.to_owned(), version: version?, can_tie })
    }

    /// A command for ffmpeg that dies with its future, and where the system can do that, with this process.
    pub(crate) fn ffmpeg(&self, priority: Priority) -> Command {
        self.command(&self.ffmpeg, priority)
    }

    pub(crate) fn ffprobe(&self) -> Command {
        self.command(&self.ffprobe, Priority::Normal)
    }

    fn command(&self, program: &str, priority: Priority) -> Command {
        let mut words: Vec<&str> = Vec::new();
        if self.can_tie {
            // The kernel kills the child when we are gone, even by SIGKILL: an orphan would encode for nobody.
            words.extend(["setpriv", "--pdeathsig", "KILL"]);
        }
        if priority == Priority::Background {
            words.extend(["nice", "-n", BACKGROUND_NICENESS]);
        }
        words.push(program);
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).stdin(Stdio::null()).kill_on_drop(true);
        command
    }
}

async fn first_line(program: &str) -> Result<String, ToolsError> {
    let output = Command::new(program).arg("-version").stdin(Stdio::null()).kill_on_drop(true).output().await;
    match output {
        Ok(output) => Ok(String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(ToolsError::Missing(program.to_owned())),
        Err(source) => Err(ToolsError::Broken { program: program.to_owned(), source }),
    }
}
