//! The one ffmpeg command that turns a source into all renditions at once.
//!
//! Pure: a plan in, arguments out. All sizes are encoded in one run, so that the source is decoded once and the groups
//! of pictures, cut at the same frame numbers, line up to the frame.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::run::{common_arguments, file_url};
use crate::domain::ladder::Rung;

/// Length of a group of pictures, which is also a fragment.
const GROUP_S: u32 = 2;

const AUDIO_RATE: &str = "48000";
const AUDIO_BITS: &str = "128k";

/// Fragments by group of pictures, offsets from each fragment's own start, decode times from zero, nothing at the end.
const VIDEO_FLAGS: &str = "+cmaf+frag_keyframe+delay_moov+skip_trailer";
const AUDIO_FLAGS: &str = "+cmaf+delay_moov+skip_trailer";

/// Everything one encode needs to know.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub source: Source,
    pub frame_rate: (u32, u32),
    pub duration_s: f64,
    /// Smallest first.
    pub video: Vec<VideoOutput>,
    pub audio: Vec<AudioOutput>,
    /// Frames to be kept as pictures, in the largest size.
    pub stills: Vec<StillOutput>,
    pub effort: Effort,
}

/// Where pictures and sound come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    File {
        path: PathBuf,
        video_index: usize,
    },
    /// Filter graphs that make them: the first ends in `[v]`, the second in `[a]`.
    Graph {
        picture: String,
        sound: String,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct VideoOutput {
    pub path: PathBuf,
    pub rung: Rung,
}

#[derive(Debug, Clone, PartialEq)]
pub struct AudioOutput {
    pub path: PathBuf,
    /// Index among the source's audio streams; ignored for a graph, which has one.
    pub index: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct StillOutput {
    pub path: PathBuf,
    /// Where in the film.
    pub at_s: f64,
}

/// What encoding time is spent for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// As soon as possible: somebody waits for a first title.
    Quick,
    Usual,
}

impl Effort {
    fn preset(self) -> &'static str {
        match self {
            Self::Quick => "ultrafast",
            Self::Usual => "veryfast",
        }
    }
}

/// Nothing of what the source says of itself comes along; its chapters would come as a track of text.
const OWN_WORDS: [&str; 4] = ["-map_metadata", "-1", "-map_chapters", "-1"];

/// The arguments after the program's name.
pub fn arguments(plan: &Plan) -> Vec<OsString> {
    let mut arguments = common_arguments();
    let mut push = |words: &[&str]| arguments.extend(words.iter().map(OsString::from));
    if let Source::File { path, .. } = &plan.source {
        push(&["-i"]);
        arguments.push(file_url(path));
    }
    arguments.extend([OsString::from("-filter_complex"), OsString::from(filters(plan))]);
    for (index, output) in plan.video.iter().enumerate() {
        video_output(&mut arguments, plan, index, output);
    }
    for output in &plan.audio {
        audio_output(&mut arguments, plan, output);
    }
    for (index, still) in plan.stills.iter().enumerate() {
        let label = format!("[still{index}]");
        arguments.extend(
            ["-map", label.as_str(), "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "3", "-f", "mjpeg"].map(OsString::from),
        );
        arguments.push(file_url(&still.path));
    }
    arguments
}

/// Arguments that take one subtitle stream out of a file as WebVTT.
pub fn subtitle_arguments(source: &Path, index: usize, out: &Path) -> Vec<OsString> {
    let mut arguments = common_arguments();
    arguments.push("-i".into());
    arguments.push(file_url(source));
    let map = format!("0:s:{index}");
    arguments.extend(["-map", map.as_str(), "-f", "webvtt"].map(OsString::from));
    arguments.push(file_url(out));
    arguments
}

/// Frames in a group of pictures: two seconds, to the nearest frame.
fn group_frames((frames, seconds): (u32, u32)) -> u32 {
    (f64::from(GROUP_S * frames) / f64::from(seconds)).round().max(1.0) as u32
}

fn filters(plan: &Plan) -> String {
    let (frames, seconds) = plan.frame_rate;
    let (mut graph, input) = match &plan.source {
        Source::File { video_index, .. } => (String::new(), format!("[0:v:{video_index}]")),
        Source::Graph { picture, sound } => (format!("{picture};{sound};"), "[v]".to_owned()),
    };
    let (sizes, stills) = (plan.video.len(), plan.stills.len());
    let _ = write!(graph, "{input}fps={frames}/{seconds},split={}", sizes + stills);
    for index in 0..sizes + stills {
        let _ = write!(graph, "[split{index}]");
    }
    for (index, output) in plan.video.iter().enumerate() {
        let size = output.rung.size;
        let (width, height) = (size.width, size.height);
        let _ =
            write!(graph, ";[split{index}]scale={width}:{height}:flags=bicubic,setsar=1,format=yuv420p[out{index}]");
    }
    let largest = plan.video.last().map(|output| output.rung.size);
    for ((index, still), size) in plan.stills.iter().enumerate().zip(largest.into_iter().cycle()) {
        let frame = (still.at_s * f64::from(frames) / f64::from(seconds)).round();
        let branch = sizes + index;
        let _ = write!(
            graph,
            ";[split{branch}]select=eq(n\\,{frame}),scale={}:{}:flags=bicubic,setsar=1,format=yuvj420p[still{index}]",
            size.width, size.height
        );
    }
    graph
}

fn video_output(arguments: &mut Vec<OsString>, plan: &Plan, index: usize, output: &VideoOutput) {
    let rung = &output.rung;
    let group = group_frames(plan.frame_rate).to_string();
    let (label, crf) = (format!("[out{index}]"), rung.crf.to_string());
    let (rate, buffer) = (format!("{}k", rung.rate_max_kbit), format!("{}k", rung.buffer_kbit()));
    let limit = format!("{:.3}", plan.duration_s);
    arguments.extend(
        [
            "-map",
            &label,
            "-an",
            "-c:v",
            "libx264",
            "-preset",
            plan.effort.preset(),
            "-crf",
            &crf,
            "-maxrate",
            &rate,
            "-bufsize",
            &buffer,
            // The same group everywhere: a key frame each `group` frames and nowhere else, none looking into the next.
            "-g",
            &group,
            "-keyint_min",
            &group,
            "-sc_threshold",
            "0",
            "-x264-params",
            "open-gop=0",
        ]
        .map(OsString::from),
    );
    if matches!(plan.source, Source::Graph { .. }) {
        arguments.extend(["-t", limit.as_str()].map(OsString::from));
    }
    arguments.extend(OWN_WORDS.map(OsString::from));
    arguments.extend(["-movflags", VIDEO_FLAGS, "-f", "mp4"].map(OsString::from));
    arguments.push(file_url(&output.path));
}

fn audio_output(arguments: &mut Vec<OsString>, plan: &Plan, output: &AudioOutput) {
    let (map, limit) = match &plan.source {
        Source::File { .. } => (format!("0:a:{}", output.index), None),
        Source::Graph { .. } => ("[a]".to_owned(), Some(format!("{:.3}", plan.duration_s))),
    };
    let fragment = (GROUP_S * 1_000_000).to_string();
    arguments.extend(
        [
            "-map",
            map.as_str(),
            "-vn",
            "-c:a",
            "aac",
            "-b:a",
            AUDIO_BITS,
            "-ar",
            AUDIO_RATE,
            "-ac",
            "2",
            "-frag_duration",
            fragment.as_str(),
        ]
        .map(OsString::from),
    );
    if let Some(limit) = &limit {
        arguments.extend(["-t", limit.as_str()].map(OsString::from));
    }
    arguments.extend(OWN_WORDS.map(OsString::from));
    arguments.extend(["-movflags", AUDIO_FLAGS, "-f", "mp4"].map(OsString::from));
    arguments.push(file_url(&output.path));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ladder::{Size, ladder};

    fn plan() -> Plan {
        let rungs = ladder(Size { width: 1280, height: 720 });
        let video = rungs
            .into_iter()
            .map(|rung| VideoOutput { path: PathBuf::from(format!("v{}.mp4", rung.size.height)), rung });
        Plan {
            source: Source::File { path: PathBuf::from("-evil.mkv"), video_index: 1 },
            frame_rate: (24_000, 1001),
            duration_s: 10.0,
            video: video.collect(),
            audio: vec![AudioOutput { path: PathBuf::from("a.mp4"), index: 2 }],
            stills: vec![StillOutput { path: PathBuf::from("still.jpg"), at_s: 5.0 }],
            effort: Effort::Usual,
        }
    }

    fn words(plan: &Plan) -> Vec<String> {
        arguments(plan).into_iter().map(|word| word.into_string().expect("text")).collect()
    }

    #[test]
    fn a_file_name_is_never_an_option() {
        let words = words(&plan());
        assert!(words.contains(&"file:-evil.mkv".to_owned()));
        assert!(!words.contains(&"-evil.mkv".to_owned()));
    }

    #[test]
    fn every_rendition_has_the_same_group_of_pictures() {
        let words = words(&plan());
        let groups: Vec<_> = words.windows(2).filter(|pair| pair[0] == "-g").map(|pair| pair[1].as_str()).collect();
        assert_eq!(groups, ["48", "48"]);
        assert_eq!(group_frames((25, 1)), 50);
        assert_eq!(group_frames((1, 4)), 1);
    }

    #[test]
    fn the_source_is_decoded_once_for_all_sizes() {
        assert_eq!(
            filters(&plan()),
            "[0:v:1]fps=24000/1001,split=3[split0][split1][split2];[split0]scale=640:360:flags=bicubic,setsar=1,format=yuv420p[out0];\
             [split1]scale=1280:720:flags=bicubic,setsar=1,format=yuv420p[out1];\
             [split2]select=eq(n\\,120),scale=1280:720:flags=bicubic,setsar=1,format=yuvj420p[still0]"
        );
        assert!(words(&plan()).contains(&"0:a:2".to_owned()));
    }

    #[test]
    fn a_graph_is_cut_to_its_length() {
        let source = Source::Graph { picture: "color[v]".to_owned(), sound: "sine[a]".to_owned() };
        let words = words(&Plan { source, ..plan() });
        assert!(words.iter().any(|word| word.starts_with("color[v];sine[a];[v]fps")), "{words:?}");
        assert_eq!(words.windows(2).filter(|pair| pair[0] == "-t" && pair[1] == "10.000").count(), 3);
    }
}
