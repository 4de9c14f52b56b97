//! What an asset consists of: its renditions, where their segments lie, and what manifests say about them.
//!
//! Written once per asset at the end of an ingest as `index.json` beside the media files, read when a manifest is asked
//! for. Manifests themselves are not stored: they carry the token, and a better manifest writer then serves old assets
//! too. Nothing here knows HLS or DASH.

use bijou_playback_api::Marks;
use serde::{Deserialize, Serialize};

/// Name of the stored description in an asset's folder.
pub const INDEX_FILE: &str = "index.json";

/// One asset, complete.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Presentation {
    pub duration_ms: u64,
    /// Smallest first; never empty.
    pub video: Vec<VideoRendition>,
    /// The first is the default.
    pub audio: Vec<AudioRendition>,
    pub subtitles: Vec<SubtitleTrack>,
    pub stills: Vec<Still>,
    /// What the source says may be skipped.
    #[serde(default)]
    pub marks: Marks,
}

/// One size of the picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VideoRendition {
    #[serde(flatten)]
    pub media: MediaFile,
    pub width: u32,
    pub height: u32,
    /// Pictures a second as a fraction.
    pub frame_rate: (u32, u32),
    /// One for each group of pictures, for trick play.
    pub key_frames: Vec<KeyFrame>,
}

/// One language or mix of the sound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AudioRendition {
    #[serde(flatten)]
    pub media: MediaFile,
    /// BCP 47; `und` when the source does not say.
    pub language: String,
    /// What a menu shows; unique within the asset.
    pub name: String,
    pub channels: u32,
    pub sample_rate: u32,
}

/// One language of subtitles, a WebVTT file over the whole length.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubtitleTrack {
    pub file: String,
    pub language: String,
    pub name: String,
    /// In bytes.
    pub size: u64,
}

/// A frame taken from the film.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Still {
    pub file: String,
    pub width: u32,
    pub height: u32,
    /// Where in the film, in milliseconds.
    pub at_ms: u64,
}

/// One fragmented MP4: header, index box, segments without gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaFile {
    /// Name in the asset's folder.
    pub file: String,
    /// RFC 6381.
    pub codec: String,
    /// Bytes of the whole file.
    pub size: u64,
    /// Of the whole file, in hexadecimal.
    pub sha256: String,
    /// Bytes of `ftyp` and `moov`.
    pub init_size: u64,
    /// Bytes of `sidx`, which follows the header.
    pub index_size: u64,
    /// Ticks a second.
    pub timescale: u32,
    /// Size in bytes and duration in ticks, in order.
    pub segments: Vec<(u64, u64)>,
}

/// The bytes from a fragment's start to the end of its first picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyFrame {
    pub offset: u64,
    pub size: u64,
    /// Until the next key frame, in ticks.
    pub duration: u64,
}

/// One segment with its place in the file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlacedSegment {
    pub offset: u64,
    pub size: u64,
    pub seconds: f64,
}

impl MediaFile {
    /// The segments with their offsets.
    pub fn placed(&self) -> impl Iterator<Item = PlacedSegment> + '_ {
        let mut next = self.init_size + self.index_size;
        self.segments.iter().map(move |&(size, duration)| {
            let offset = next;
            next += size;
            PlacedSegment { offset, size, seconds: self.seconds(duration) }
        })
    }

    /// Ticks as seconds.
    pub fn seconds(&self, ticks: u64) -> f64 {
        ticks as f64 / f64::from(self.timescale)
    }

    /// Length in seconds.
    pub fn duration(&self) -> f64 {
        self.seconds(self.segments.iter().map(|(_, duration)| duration).sum())
    }

    /// Rate of the most demanding segment, in bits a second.
    pub fn peak_rate(&self) -> u64 {
        self.placed()
            .filter(|segment| segment.seconds > 0.0)
            .map(|segment| rate(segment.size, segment.seconds))
            .max()
            .unwrap_or(0)
    }

    /// Rate over the whole length, in bits a second.
    pub fn average_rate(&self) -> u64 {
        let bytes: u64 = self.segments.iter().map(|(size, _)| size).sum();
        let duration = self.duration();
        if duration > 0.0 { rate(bytes, duration) } else { 0 }
    }
}

/// A file as it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServedFile {
    pub media_type: &'static str,
    /// In bytes.
    pub size: u64,
}

/// Bits a second, rounded up: a player must never be promised less than it will need.
pub fn rate(bytes: u64, seconds: f64) -> u64 {
    (bytes as f64 * 8.0 / seconds).ceil() as u64
}

impl Presentation {
    /// A file players may fetch, by name. Stills are not among them: those are the catalog's to show.
    pub fn served_file(&self, name: &str) -> Option<ServedFile> {
        let of_media = |media: &MediaFile, media_type| ServedFile { media_type, size: media.size };
        let video = self.video.iter().find(|rendition| rendition.media.file == name);
        let audio = || self.audio.iter().find(|rendition| rendition.media.file == name);
        let subtitles = || self.subtitles.iter().find(|track| track.file == name);
        video
            .map(|rendition| of_media(&rendition.media, "video/mp4"))
            .or_else(|| audio().map(|rendition| of_media(&rendition.media, "audio/mp4")))
            .or_else(|| subtitles().map(|track| ServedFile { media_type: "text/vtt; charset=utf-8", size: track.size }))
    }

    /// Length in seconds.
    pub fn seconds(&self) -> f64 {
        self.duration_ms as f64 / 1000.0
    }
}

/// An asset as the tests of manifests know it: two sizes, two languages, one subtitle track, six seconds.
#[cfg(test)]
pub fn sample() -> Presentation {
    let media = |file: &str, codec: &str, timescale: u32, bytes: u64| MediaFile {
        file: file.to_owned(),
        codec: codec.to_owned(),
        size: 800 + 64 + bytes * 6,
        sha256: "0".repeat(64),
        init_size: 800,
        index_size: 64,
        timescale,
        segments: vec![(bytes * 2, u64::from(timescale) * 2), (bytes * 4, u64::from(timescale) * 4)],
    };
    let video = |width: u32, height: u32, bytes: u64| VideoRendition {
        media: media(&format!("v{height}.mp4"), "avc1.64001f", 12_288, bytes),
        width,
        height,
        frame_rate: (24_000, 1001),
        key_frames: (0..3)
            .map(|index| KeyFrame { offset: 864 + index * bytes * 2, size: 500, duration: 24_576 })
            .collect(),
    };
    let audio = |language: &str, name: &str| AudioRendition {
        media: media(&format!("a-{language}.mp4"), "mp4a.40.2", 48_000, 16_000),
        language: language.to_owned(),
        name: name.to_owned(),
        channels: 2,
        sample_rate: 48_000,
    };
    Presentation {
        duration_ms: 6000,
        video: vec![video(640, 360, 50_000), video(1280, 720, 200_000)],
        audio: vec![audio("de", "Deutsch"), audio("en", "English \"cut\" <1>")],
        subtitles: vec![SubtitleTrack {
            file: "s-de.vtt".to_owned(),
            language: "de".to_owned(),
            name: "Deutsch".to_owned(),
            size: 120,
        }],
        stills: vec![Still { file: "still-1.jpg".to_owned(), width: 1280, height: 720, at_ms: 2000 }],
        marks: Marks::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_lie_behind_header_and_index_without_gaps() {
        let sample = sample();
        let media = &sample.video[0].media;
        let placed: Vec<_> = media.placed().map(|segment| (segment.offset, segment.size)).collect();
        assert_eq!(placed, [(864, 100_000), (100_864, 200_000)]);
        assert_eq!(placed[1].0 + placed[1].1, media.size);
    }

    #[test]
    fn rates_are_rounded_up() {
        let sample = sample();
        assert_eq!(sample.video[0].media.average_rate(), 400_000);
        assert_eq!(rate(1, 3.0), 3);
    }

    #[test]
    fn the_stored_form_reads_back() {
        let text = serde_json::to_string(&sample()).expect("serialises");
        assert_eq!(serde_json::from_str::<Presentation>(&text).expect("reads"), sample());
    }

    #[test]
    fn only_files_for_players_are_served() {
        assert_eq!(
            sample().served_file("s-de.vtt"),
            Some(ServedFile { media_type: "text/vtt; charset=utf-8", size: 120 })
        );
        assert_eq!(sample().served_file("a-de.mp4").map(|file| file.size), Some(sample().audio[0].media.size));
        for name in ["../index.json", "index.json", "still-1.jpg", ""] {
            assert_eq!(sample().served_file(name), None, "{name}");
        }
    }
}
