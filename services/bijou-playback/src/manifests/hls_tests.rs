//! Playlists are read back with the parser that players' authors use.

use m3u8_rs::Playlist;

use super::*;
use crate::presentation::sample;

fn read(name: &str) -> Playlist {
    let text = playlist(&sample(), name, "../../../s/A/T/").expect("exists");
    m3u8_rs::parse_playlist_res(text.as_bytes()).expect("parses")
}

fn read_media(name: &str) -> MediaPlaylist {
    let Playlist::MediaPlaylist(media) = read(name) else { panic!("{name} is a master playlist") };
    media
}

#[test]
fn the_master_playlist_says_what_players_choose_by() {
    let Playlist::MasterPlaylist(master) = read(MASTER) else { panic!("a media playlist") };
    assert!(master.independent_segments);
    let streams: Vec<_> = master.variants.iter().filter(|variant| !variant.is_i_frame).collect();
    assert_eq!(streams.len(), 2);
    let first = streams[0];
    assert_eq!(first.uri, "v360.m3u8");
    // 50,000 bytes a second of picture and 16,000 of sound.
    assert_eq!(first.average_bandwidth, Some(528_000));
    assert_eq!(first.codecs.as_deref(), Some("avc1.64001f,mp4a.40.2"));
    assert_eq!(first.frame_rate, Some(23.976));
    assert_eq!(first.audio.as_deref(), Some("audio"));
    assert_eq!(first.subtitles.as_deref(), Some("subtitles"));
    let key_frames: Vec<_> =
        master.variants.iter().filter(|variant| variant.is_i_frame).map(|variant| variant.uri.as_str()).collect();
    assert_eq!(key_frames, ["iframes-v360.m3u8", "iframes-v720.m3u8"]);
}

#[test]
fn languages_are_named_and_the_first_sound_is_the_default() {
    let Playlist::MasterPlaylist(master) = read(MASTER) else { panic!("a media playlist") };
    let media: Vec<_> = master
        .alternatives
        .iter()
        .map(|media| (media.group_id.as_str(), media.language.as_deref(), media.name.as_str(), media.default))
        .collect();
    assert_eq!(
        media,
        [
            ("audio", Some("de"), "Deutsch", true),
            ("audio", Some("en"), "English 'cut' <1>", false),
            ("subtitles", Some("de"), "Deutsch", false),
        ]
    );
}

#[test]
fn segments_are_byte_ranges_of_one_file() {
    let media = read_media("v720.m3u8");
    assert_eq!(media.target_duration, 4);
    assert!(media.end_list);
    let map = media.segments[0].map.clone().expect("a header");
    assert_eq!(map.byte_range, Some(ByteRange { length: 800, offset: Some(0) }));
    let ranges: Vec<_> =
        media.segments.iter().map(|segment| (segment.uri.as_str(), segment.byte_range.clone())).collect();
    let at = |length, offset| Some(ByteRange { length, offset: Some(offset) });
    assert_eq!(
        ranges,
        [("../../../s/A/T/v720.mp4", at(400_000, 864)), ("../../../s/A/T/v720.mp4", at(800_000, 400_864))]
    );
}

#[test]
fn key_frames_have_a_playlist_of_their_own() {
    let media = read_media("iframes-v360.m3u8");
    assert!(media.i_frames_only);
    assert_eq!(media.segments.len(), 3);
    assert!(media.segments.iter().all(|segment| segment.byte_range.as_ref().is_some_and(|range| range.length == 500)));
}

#[test]
fn subtitles_are_one_segment_over_the_whole_length() {
    let media = read_media("s-de.m3u8");
    assert_eq!(media.target_duration, 6);
    assert_eq!(media.segments.len(), 1);
    assert_eq!(media.segments[0].uri, "../../../s/A/T/s-de.vtt");
}

#[test]
fn there_is_no_playlist_for_what_the_asset_lacks() {
    for name in ["v1080.m3u8", "iframes-a-de.m3u8", "master", "", "../master.m3u8"] {
        assert_eq!(playlist(&sample(), name, "s/"), None, "{name}");
    }
}

#[test]
fn silent_films_promise_no_sound() {
    let silent = Presentation { audio: Vec::new(), subtitles: Vec::new(), ..sample() };
    let text = playlist(&silent, MASTER, "s/").expect("exists");
    assert!(!text.contains("AUDIO="), "{text}");
    assert!(!text.contains("mp4a"), "{text}");
}

#[test]
fn tracks_of_one_language_are_told_apart() {
    assert_eq!(unique_name("de", None, ["English"].into_iter()), "Deutsch");
    assert_eq!(unique_name("de", None, ["Deutsch", "Deutsch 2"].into_iter()), "Deutsch 3");
    assert_eq!(unique_name("de", Some("Commentary"), ["Deutsch"].into_iter()), "Commentary");
}
