//! What is in a media file, as ffprobe tells it.
//!
//! Only the facts an encode is decided by. Files are opened by the `file:` protocol alone: a playlist that points
//! elsewhere cannot make this machine fetch it.

use std::path::Path;

use serde::Deserialize;

use super::{Tools, run};
use crate::domain::ladder::Size;
use crate::domain::language;
use crate::domain::marks::Chapter;

/// A file's streams, each with its index among those of its kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    pub duration_s: f64,
    pub video: Option<Video>,
    pub audio: Vec<Audio>,
    pub subtitles: Vec<Subtitles>,
    pub chapters: Vec<Chapter>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Video {
    pub index: usize,
    /// As shown: square pixels, turned upright.
    pub size: Size,
    /// Pictures a second as a fraction.
    pub frame_rate: (u32, u32),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Audio {
    pub index: usize,
    pub language: String,
    pub title: Option<String>,
    pub channels: u32,
}

/// Text subtitles inside the file; pictures of text cannot be turned into WebVTT.
#[derive(Debug, Clone, PartialEq)]
pub struct Subtitles {
    pub index: usize,
    pub language: String,
    pub title: Option<String>,
}

/// Why a file is no film.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    #[error("failed to run ffprobe")]
    Run(#[source] std::io::Error),
    #[error("this is not a media file ffmpeg can read: {0}")]
    NotMedia(String),
    #[error("ffprobe's answer is not understood")]
    Answer(#[source] serde_json::Error),
}

const TEXT_SUBTITLES: [&str; 6] = ["subrip", "webvtt", "mov_text", "ass", "ssa", "text"];

/// Asks ffprobe about `file`.
pub async fn probe(tools: &Tools, file: &Path) -> Result<Probe, ProbeError> {
    let mut command = tools.ffprobe();
    command
        .args(["-v", "error", "-print_format", "json", "-show_format", "-show_streams", "-show_chapters", "-i"])
        .arg(run::file_url(file));
    let output = command.output().await.map_err(ProbeError::Run)?;
    if !output.status.success() {
        return Err(ProbeError::NotMedia(run::reason(&String::from_utf8_lossy(&output.stderr))));
    }
    let answer: Answer = serde_json::from_slice(&output.stdout).map_err(ProbeError::Answer)?;
    Ok(answer.into_probe())
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    format: Format,
    #[serde(default)]
    chapters: Vec<ToldChapter>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ToldChapter {
    start_time: String,
    end_time: String,
    tags: Tags,
}

#[derive(Deserialize, Default)]
struct Format {
    duration: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Stream {
    codec_type: String,
    codec_name: String,
    width: u32,
    height: u32,
    channels: u32,
    sample_aspect_ratio: Option<String>,
    avg_frame_rate: Option<String>,
    r_frame_rate: Option<String>,
    duration: Option<String>,
    tags: Tags,
    disposition: Disposition,
    side_data_list: Vec<SideData>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Tags {
    language: Option<String>,
    title: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Disposition {
    attached_pic: u8,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SideData {
    rotation: Option<f64>,
}

impl Answer {
    fn into_probe(self) -> Probe {
        let of_kind =
            |kind: &'static str| self.streams.iter().filter(move |stream| stream.codec_type == kind).enumerate();
        let video = of_kind("video").find(|(_, stream)| stream.disposition.attached_pic == 0 && stream.width > 0);
        let audio = of_kind("audio").filter(|(_, stream)| stream.channels > 0);
        let subtitles = of_kind("subtitle").filter(|(_, stream)| TEXT_SUBTITLES.contains(&stream.codec_name.as_str()));
        let seconds = |text: &Option<String>| {
            text.as_deref().and_then(|text| text.parse().ok()).filter(|seconds: &f64| seconds.is_finite())
        };
        let longest = self.streams.iter().filter_map(|stream| seconds(&stream.duration)).fold(0.0, f64::max);
        Probe {
            duration_s: seconds(&self.format.duration).unwrap_or(longest),
            chapters: self.chapters.iter().filter_map(ToldChapter::read).collect(),
            video: video.map(|(index, stream)| Video {
                index,
                size: shown_size(stream),
                frame_rate: frame_rate(stream),
            }),
            audio: audio
                .map(|(index, stream)| Audio {
                    index,
                    language: stream.language(),
                    title: stream.tags.title.clone(),
                    channels: stream.channels,
                })
                .collect(),
            subtitles: subtitles
                .map(|(index, stream)| Subtitles {
                    index,
                    language: stream.language(),
                    title: stream.tags.title.clone(),
                })
                .collect(),
        }
    }
}

impl ToldChapter {
    /// `None` for one without a name or a time.
    fn read(&self) -> Option<Chapter> {
        Some(Chapter {
            title: self.tags.title.clone()?,
            start_s: self.start_time.parse().ok()?,
            end_s: self.end_time.parse().ok()?,
        })
    }
}

impl Stream {
    fn language(&self) -> String {
        self.tags.language.as_deref().and_then(language::tag).unwrap_or_else(|| "und".to_owned())
    }
}

fn shown_size(stream: &Stream) -> Size {
    let aspect = stream
        .sample_aspect_ratio
        .as_deref()
        .and_then(|text| fraction(text, ':'))
        .map_or(1.0, |(a, b)| f64::from(a) / f64::from(b));
    let width = (f64::from(stream.width) * aspect).round() as u32;
    let quarter_turn = stream
        .side_data_list
        .iter()
        .filter_map(|data| data.rotation)
        .any(|turn| (turn.abs() - 90.0).abs() < 1.0 || (turn.abs() - 270.0).abs() < 1.0);
    if quarter_turn { Size { width: stream.height, height: width } } else { Size { width, height: stream.height } }
}

/// The common rate nearest to what the stream says; variable and odd rates become whole numbers, and none exceeds 60.
fn frame_rate(stream: &Stream) -> (u32, u32) {
    const COMMON: [(u32, u32); 8] =
        [(24_000, 1001), (24, 1), (25, 1), (30_000, 1001), (30, 1), (50, 1), (60_000, 1001), (60, 1)];
    let told = [&stream.avg_frame_rate, &stream.r_frame_rate];
    let Some((frames, seconds)) = told.iter().find_map(|rate| fraction(rate.as_deref()?, '/')) else {
        return (25, 1);
    };
    let value = (f64::from(frames) / f64::from(seconds)).clamp(1.0, 60.0);
    let as_number = |rate: &(u32, u32)| f64::from(rate.0) / f64::from(rate.1);
    let distance = |rate: &(u32, u32)| (as_number(rate) - value).abs();
    match COMMON.iter().min_by(|a, b| distance(a).total_cmp(&distance(b))) {
        Some(rate) if distance(rate) / value < 0.005 => *rate,
        _ => (value.round() as u32, 1),
    }
}

fn fraction(text: &str, separator: char) -> Option<(u32, u32)> {
    let (a, b) = text.split_once(separator)?;
    let (a, b) = (a.parse().ok()?, b.parse().ok()?);
    (a > 0 && b > 0).then_some((a, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(streams: &str) -> Probe {
        let text = format!(r#"{{"streams":[{streams}],"format":{{"duration":"12.5"}}}}"#);
        serde_json::from_str::<Answer>(&text).expect("reads").into_probe()
    }

    #[track_caller]
    fn check_rate(told: &str, expected: (u32, u32)) {
        let probe = read(&format!(r#"{{"codec_type":"video","width":64,"height":36,"avg_frame_rate":"{told}"}}"#));
        assert_eq!(probe.video.expect("a picture").frame_rate, expected, "{told}");
    }

    #[test]
    fn frame_rates_become_common_ones() {
        check_rate("24000/1001", (24_000, 1001));
        check_rate("2997/100", (30_000, 1001));
        check_rate("25/1", (25, 1));
        check_rate("15/1", (15, 1));
        check_rate("17/2", (9, 1));
        check_rate("120/1", (60, 1));
        check_rate("0/0", (25, 1));
    }

    #[test]
    fn pictures_are_measured_as_shown() {
        let probe = read(
            r#"{"codec_type":"video","width":720,"height":576,"sample_aspect_ratio":"64:45"},
               {"codec_type":"video","width":720,"height":576}"#,
        );
        assert_eq!(probe.video.expect("a picture").size, Size { width: 1024, height: 576 });
        let turned = read(r#"{"codec_type":"video","width":1920,"height":1080,"side_data_list":[{"rotation":-90}]}"#);
        assert_eq!(turned.video.expect("a picture").size, Size { width: 1080, height: 1920 });
    }

    #[test]
    fn covers_are_no_films_and_bitmap_subtitles_no_text() {
        let probe = read(
            r#"{"codec_type":"video","width":500,"height":500,"disposition":{"attached_pic":1}},
               {"codec_type":"audio","channels":6,"tags":{"language":"ger","title":"Fassung"}},
               {"codec_type":"subtitle","codec_name":"hdmv_pgs_subtitle"},
               {"codec_type":"subtitle","codec_name":"subrip","tags":{"language":"eng"}}"#,
        );
        assert_eq!(probe.video, None);
        assert_eq!(probe.audio[0].language, "de");
        assert_eq!(probe.subtitles, [Subtitles { index: 1, language: "en".to_owned(), title: None }]);
        assert!((probe.duration_s - 12.5).abs() < f64::EPSILON);
    }

    #[test]
    fn chapters_with_a_name_are_told() {
        let text = r#"{"streams":[],"format":{},"chapters":[
            {"id":0,"start_time":"0.000000","end_time":"1.500000","tags":{"title":"Intro"}},
            {"id":1,"start_time":"1.500000","end_time":"9.000000"}]}"#;
        let probe = serde_json::from_str::<Answer>(text).expect("reads").into_probe();
        assert_eq!(probe.chapters, [Chapter { title: "Intro".to_owned(), start_s: 0.0, end_s: 1.5 }]);
    }
}
