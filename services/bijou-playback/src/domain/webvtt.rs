//! Subtitles: checks WebVTT before players see it, and turns SubRip into it.
//!
//! Cue settings and styles pass through untouched; only what would make a player drop the whole file is looked at.

use std::fmt::Write as _;

/// Largest subtitle file that is read, in bytes.
pub const FILE_MAX: u64 = 4 * 1024 * 1024;

/// Why a text is no subtitle file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubtitleError {
    #[error("not text in UTF-8 (byte {0} is not)")]
    NotUtf8(usize),
    #[error("line {line}: `{text}` is not a cue's timing")]
    Timing { line: usize, text: String },
    #[error("no cue found; a subtitle file needs at least one line like `00:00:01.000 --> 00:00:03.500`")]
    NoCue,
}

/// Reads WebVTT or SubRip and gives WebVTT.
pub fn normalize(bytes: &[u8]) -> Result<String, SubtitleError> {
    let text = std::str::from_utf8(bytes).map_err(|error| SubtitleError::NotUtf8(error.valid_up_to()))?;
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let is_webvtt = text.lines().next().is_some_and(|line| line == "WEBVTT" || line.starts_with("WEBVTT "));
    let mut out = String::with_capacity(text.len() + 8);
    if !is_webvtt {
        out.push_str("WEBVTT\n\n");
    }
    let mut cues = 0_usize;
    for (index, line) in text.lines().enumerate() {
        if let Some((start, rest)) = line.split_once("-->") {
            let (end, settings) = rest.trim_start().split_once([' ', '\t']).unwrap_or((rest.trim(), ""));
            let (Some(start), Some(end)) = (timestamp(start), timestamp(end)) else {
                return Err(SubtitleError::Timing { line: index + 1, text: line.chars().take(80).collect() });
            };
            cues += 1;
            let _ = write!(out, "{start} --> {end} {}", settings.trim());
            out.truncate(out.trim_end().len());
        } else {
            out.push_str(line);
        }
        out.push('\n');
    }
    if cues == 0 {
        return Err(SubtitleError::NoCue);
    }
    Ok(out)
}

/// `[hh:]mm:ss.mmm` with a point or SubRip's comma; `None` if it is neither.
fn timestamp(text: &str) -> Option<String> {
    let text = text.trim().replace(',', ".");
    let (clock, millis) = text.split_once('.')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = clock.split(':').collect();
    let well_formed =
        (2..=3).contains(&parts.len()) && parts.iter().all(|part| digits(part)) && digits(millis) && millis.len() == 3;
    let sixties = parts.iter().rev().take(2).all(|part| part.len() == 2 && *part < "60");
    (well_formed && sixties).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn webvtt_passes_as_it_is() {
        let text = "WEBVTT - by hand\n\nNOTE hello\n\n1\n00:01.000 --> 00:02.500 align:start\nHello\n";
        assert_eq!(normalize(text.as_bytes()).as_deref(), Ok(text));
    }

    #[test]
    fn subrip_becomes_webvtt() {
        let text = "\u{feff}1\r\n00:00:01,000 --> 00:00:02,500\r\nHallo\r\n";
        assert_eq!(normalize(text.as_bytes()).as_deref(), Ok("WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\nHallo\n"));
    }

    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        let error = normalize(bytes).expect_err("broken");
        assert!(error.to_string().contains(expected), "{error}");
    }

    #[test]
    fn broken_files_say_where() {
        check(b"WEBVTT\n\n00:99.000 --> 01:00.000\nx\n", "line 3");
        check(b"WEBVTT\n\n1.0 --> 2.0\nx\n", "line 3");
        check(b"just text", "no cue");
        check(&[b'W', 0xff], "byte 1");
    }

    proptest! {
        #[test]
        fn any_bytes_have_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = normalize(&bytes);
        }

        #[test]
        fn normalizing_twice_changes_nothing(seconds in 0_u32..60, text in "[a-z ]{0,20}") {
            let source = format!("1\n00:00:{seconds:02},000 --> 00:01:00,000\n{text}\n");
            let once = normalize(source.as_bytes()).expect("well formed");
            prop_assert_eq!(normalize(once.as_bytes()).expect("well formed"), once);
        }
    }
}
