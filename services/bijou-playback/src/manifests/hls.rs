//! HLS playlists (RFC 8216): master, one per rendition, key frames for trick play, subtitles.
//!
//! Written from measured segment sizes and durations, not from what an encoder was asked for. Version 7 because of
//! `EXT-X-MAP` in playlists that are not of key frames only.

use m3u8_rs::{
    AlternativeMedia, AlternativeMediaType, ByteRange, ClosedCaptionGroupId, Map, MasterPlaylist, MediaPlaylist,
    MediaPlaylistType, MediaSegment, Resolution, VariantStream,
};

use crate::domain::language;
use crate::presentation::{AudioRendition, MediaFile, Presentation, VideoRendition, rate};

const VERSION: usize = 7;
const AUDIO_GROUP: &str = "audio";
const SUBTITLE_GROUP: &str = "subtitles";

/// The master playlist's name in a manifest folder.
pub const MASTER: &str = "master.m3u8";

/// The text of playlist `name`; `None` if the asset has no such playlist.
/// `segments` is the relative URL of the folder with the media files and ends in a slash.
pub fn playlist(presentation: &Presentation, name: &str, segments: &str) -> Option<String> {
    if name == MASTER {
        return Some(text(|out| master(presentation).write_to(out)));
    }
    let stem = name.strip_suffix(".m3u8")?;
    let media = if let Some(stem) = stem.strip_prefix("iframes-") {
        let rendition = presentation.video.iter().find(|rendition| stem_of(&rendition.media.file) == stem)?;
        key_frames(rendition, segments)
    } else if let Some(track) = presentation.subtitles.iter().find(|track| stem_of(&track.file) == stem) {
        subtitles(presentation.seconds(), &format!("{segments}{}", track.file))
    } else {
        let video = presentation.video.iter().map(|rendition| &rendition.media);
        let audio = presentation.audio.iter().map(|rendition| &rendition.media);
        rendition(video.chain(audio).find(|media| stem_of(&media.file) == stem)?, segments)
    };
    Some(text(|out| media.write_to(out)))
}

fn master(presentation: &Presentation) -> MasterPlaylist {
    let audio = presentation.audio.iter().enumerate().map(|(index, rendition)| AlternativeMedia {
        media_type: AlternativeMediaType::Audio,
        uri: Some(playlist_of(&rendition.media.file)),
        group_id: AUDIO_GROUP.to_owned(),
        language: (rendition.language != "und").then(|| rendition.language.clone()),
        name: quotable(&rendition.name),
        default: index == 0,
        autoselect: true,
        channels: Some(rendition.channels.to_string()),
        ..AlternativeMedia::default()
    });
    let subtitles = presentation.subtitles.iter().map(|track| AlternativeMedia {
        media_type: AlternativeMediaType::Subtitles,
        uri: Some(playlist_of(&track.file)),
        group_id: SUBTITLE_GROUP.to_owned(),
        language: Some(track.language.clone()),
        name: quotable(&track.name),
        default: false,
        autoselect: true,
        ..AlternativeMedia::default()
    });
    let streams = presentation.video.iter().map(|rendition| stream(presentation, rendition));
    let key_frames = presentation.video.iter().map(key_frame_stream);
    MasterPlaylist {
        version: Some(VERSION),
        independent_segments: true,
        alternatives: audio.chain(subtitles).collect(),
        variants: streams.chain(key_frames).collect(),
        ..MasterPlaylist::default()
    }
}

fn stream(presentation: &Presentation, rendition: &VideoRendition) -> VariantStream {
    // The rate a viewer needs includes the dearest sound they may choose.
    let dearest =
        |of: fn(&MediaFile) -> u64| presentation.audio.iter().map(|audio| of(&audio.media)).max().unwrap_or(0);
    let mut codecs = vec![rendition.media.codec.clone()];
    for AudioRendition { media, .. } in &presentation.audio {
        if !codecs.contains(&media.codec) {
            codecs.push(media.codec.clone());
        }
    }
    let (frames, seconds) = rendition.frame_rate;
    VariantStream {
        uri: playlist_of(&rendition.media.file),
        bandwidth: rendition.media.peak_rate() + dearest(MediaFile::peak_rate),
        average_bandwidth: Some(rendition.media.average_rate() + dearest(MediaFile::average_rate)),
        codecs: Some(codecs.join(",")),
        resolution: Some(Resolution { width: u64::from(rendition.width), height: u64::from(rendition.height) }),
        frame_rate: Some((f64::from(frames) / f64::from(seconds) * 1000.0).round() / 1000.0),
        audio: (!presentation.audio.is_empty()).then(|| AUDIO_GROUP.to_owned()),
        subtitles: (!presentation.subtitles.is_empty()).then(|| SUBTITLE_GROUP.to_owned()),
        closed_captions: Some(ClosedCaptionGroupId::None),
        ..VariantStream::default()
    }
}

fn key_frame_stream(rendition: &VideoRendition) -> VariantStream {
    let media = &rendition.media;
    let bytes: u64 = rendition.key_frames.iter().map(|frame| frame.size).sum();
    let peak = rendition
        .key_frames
        .iter()
        .filter(|frame| frame.duration > 0)
        .map(|frame| rate(frame.size, media.seconds(frame.duration)));
    VariantStream {
        is_i_frame: true,
        uri: format!("iframes-{}", playlist_of(&media.file)),
        bandwidth: peak.max().unwrap_or(0),
        average_bandwidth: Some(rate(bytes, media.duration())),
        codecs: Some(media.codec.clone()),
        resolution: Some(Resolution { width: u64::from(rendition.width), height: u64::from(rendition.height) }),
        ..VariantStream::default()
    }
}

fn rendition(media: &MediaFile, folder: &str) -> MediaPlaylist {
    let uri = format!("{folder}{}", media.file);
    let segments = media.placed().map(|segment| part(&uri, segment.offset, segment.size, segment.seconds));
    on_demand(with_map(segments.collect(), &uri, media.init_size))
}

fn key_frames(rendition: &VideoRendition, folder: &str) -> MediaPlaylist {
    let media = &rendition.media;
    let uri = format!("{folder}{}", media.file);
    let segments =
        rendition.key_frames.iter().map(|frame| part(&uri, frame.offset, frame.size, media.seconds(frame.duration)));
    MediaPlaylist { i_frames_only: true, ..on_demand(with_map(segments.collect(), &uri, media.init_size)) }
}

fn subtitles(seconds: f64, uri: &str) -> MediaPlaylist {
    on_demand(vec![MediaSegment { uri: uri.to_owned(), duration: seconds as f32, ..MediaSegment::default() }])
}

fn part(uri: &str, offset: u64, length: u64, seconds: f64) -> MediaSegment {
    MediaSegment {
        uri: uri.to_owned(),
        duration: seconds as f32,
        byte_range: Some(ByteRange { length, offset: Some(offset) }),
        ..MediaSegment::default()
    }
}

fn with_map(mut segments: Vec<MediaSegment>, uri: &str, init_size: u64) -> Vec<MediaSegment> {
    if let Some(first) = segments.first_mut() {
        let byte_range = Some(ByteRange { length: init_size, offset: Some(0) });
        first.map = Some(Map { uri: uri.to_owned(), byte_range, ..Map::default() });
    }
    segments
}

fn on_demand(segments: Vec<MediaSegment>) -> MediaPlaylist {
    let longest = segments.iter().map(|segment| segment.duration).fold(0.0, f32::max);
    MediaPlaylist {
        version: Some(VERSION),
        // Each duration rounded to the nearest integer must not exceed it.
        target_duration: longest.ceil() as u64,
        playlist_type: Some(MediaPlaylistType::Vod),
        independent_segments: true,
        end_list: true,
        segments,
        ..MediaPlaylist::default()
    }
}

fn stem_of(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

fn playlist_of(file: &str) -> String {
    format!("{}.m3u8", stem_of(file))
}

/// A quoted string must hold neither quotes nor line breaks, and there is no escape for them.
fn quotable(name: &str) -> String {
    name.chars().map(|letter| if letter == '"' { '\'' } else { letter }).filter(|letter| !letter.is_control()).collect()
}

fn text(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).expect("writing to memory does not fail");
    String::from_utf8(out).expect("playlists are made of text")
}

/// The name a menu shows for a track in `tag`, told apart from `taken` ones by a number.
pub fn unique_name<'a>(tag: &str, title: Option<&str>, taken: impl Iterator<Item = &'a str> + Clone) -> String {
    let base = match title.map(str::trim).filter(|title| !title.is_empty()) {
        Some(title) => title.to_owned(),
        None => language::name(tag).to_owned(),
    };
    let is_free = |name: &str| taken.clone().all(|other| other != name);
    if is_free(&base) {
        return base;
    }
    let mut number = 2;
    loop {
        let name = format!("{base} {number}");
        if is_free(&name) {
            return name;
        }
        number += 1;
    }
}

#[cfg(test)]
#[path = "hls_tests.rs"]
mod tests;
