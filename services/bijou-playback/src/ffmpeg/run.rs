//! Runs ffmpeg to its end: progress from its standard output, the reason of a failure from its standard error.
//!
//! Dropping the future kills the child. A child that reports nothing for two minutes is given up.

use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::process::Command;

/// ffmpeg reports twice a second, even when it is nice on a busy machine.
const SILENCE_MAX: Duration = Duration::from_mins(2);

/// How much of the error output is kept, in bytes: its end holds the reason.
const ERROR_TEXT_MAX: usize = 8 * 1024;

/// Why ffmpeg did not do it.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("failed to start ffmpeg")]
    Start(#[source] std::io::Error),
    #[error("failed to follow ffmpeg")]
    Follow(#[source] std::io::Error),
    #[error("ffmpeg gave up: {0}")]
    Failed(String),
    #[error("ffmpeg was killed from outside")]
    Killed,
    #[error("ffmpeg made no progress for {} s", SILENCE_MAX.as_secs())]
    Stalled,
}

/// Runs `command`, calling `on_time` with the seconds of film written so far.
pub async fn run(mut command: Command, mut on_time: impl FnMut(f64)) -> Result<(), RunError> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(RunError::Start)?;
    let stdout = child.stdout.take().expect("piped above");
    let stderr = child.stderr.take().expect("piped above");
    let progress = async {
        let mut lines = BufReader::new(stdout).lines();
        loop {
            match tokio::time::timeout(SILENCE_MAX, lines.next_line()).await {
                Err(_) => return Err(RunError::Stalled),
                Ok(Err(error)) => return Err(RunError::Follow(error)),
                Ok(Ok(None)) => return Ok(()),
                Ok(Ok(Some(line))) => {
                    if let Some(seconds) = time_of(&line) {
                        on_time(seconds);
                    }
                }
            }
        }
    };
    let (progress, errors) = tokio::join!(progress, tail(stderr));
    progress?;
    let status = child.wait().await.map_err(RunError::Follow)?;
    match status.code() {
        Some(0) => Ok(()),
        Some(_) => Err(RunError::Failed(reason(&errors))),
        None => Err(RunError::Killed),
    }
}

/// Arguments every run begins with.
pub fn common_arguments() -> Vec<OsString> {
    ["-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-progress", "pipe:1", "-nostats"]
        .map(OsString::from)
        .to_vec()
}

/// A path that ffmpeg cannot take for an option, a protocol or a pattern.
pub fn file_url(path: &Path) -> OsString {
    let mut url = OsString::from("file:");
    url.push(path);
    url
}

/// `out_time_us=1234567` as seconds; ffmpeg says `N/A` before the first picture.
fn time_of(line: &str) -> Option<f64> {
    let micros: i64 = line.strip_prefix("out_time_us=")?.trim().parse().ok()?;
    Some(micros.max(0) as f64 / 1_000_000.0)
}

async fn tail(mut source: impl AsyncRead + Unpin) -> String {
    let (mut kept, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = source.read(&mut buffer).await {
        kept.extend_from_slice(&buffer[..count]);
        if kept.len() > 2 * ERROR_TEXT_MAX {
            kept.drain(..kept.len() - ERROR_TEXT_MAX);
        }
    }
    String::from_utf8_lossy(&kept).into_owned()
}

/// The last line that says something, without addresses of decoder objects and our own paths.
pub fn reason(errors: &str) -> String {
    let line =
        errors.lines().rev().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("Conversion failed"));
    let Some(mut line) = line else {
        return "no reason given".to_owned();
    };
    // "[matroska,webm @ 0x55d0c8a0] EBML header parsing failed"
    while let Some((_, rest)) = line.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        line = rest;
    }
    // "file:/media/broken.mkv: Invalid data found when processing input"
    if line.starts_with("file:") {
        line = line.rsplit_once(": ").map_or(line, |(_, why)| why);
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(errors: &str, expected: &str) {
        assert_eq!(reason(errors), expected);
    }

    #[test]
    fn the_reason_is_the_last_line_without_noise() {
        check(
            "[mov,mp4 @ 0x5581] moov atom not found\nfile:/a b.mp4: Invalid data found when processing input\n",
            "Invalid data found when processing input",
        );
        check("[matroska,webm @ 0x55d0] EBML header parsing failed\n", "EBML header parsing failed");
        check("Unknown encoder 'libx264'\nConversion failed!\n\n", "Unknown encoder 'libx264'");
        check("", "no reason given");
    }

    #[test]
    fn progress_is_read_in_microseconds() {
        assert_eq!(time_of("out_time_us=2500000"), Some(2.5));
        assert_eq!(time_of("out_time_us=N/A"), None);
        assert_eq!(time_of("frame=12"), None);
    }

    #[tokio::test]
    async fn a_child_that_is_killed_is_told_from_one_that_failed() {
        let mut failing = Command::new("sh");
        failing.args(["-c", "echo 'disk is full' >&2; exit 1"]);
        assert!(matches!(run(failing, |_| ()).await, Err(RunError::Failed(why)) if why == "disk is full"));
        let mut killed = Command::new("sh");
        killed.args(["-c", "kill -9 $$"]);
        assert!(matches!(run(killed, |_| ()).await, Err(RunError::Killed)));
    }
}
