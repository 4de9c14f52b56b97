//! As much of HLS as it takes to know what ten seconds of a film are made of.

use m3u8_rs::{MasterPlaylist, MediaPlaylist, parse_master_playlist_res, parse_media_playlist_res};

/// A range of a file behind the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub path: String,
    pub offset: u64,
    /// Not 0.
    pub length: u64,
}

/// The path of the playlist of the picture that needs least; `None` when the manifest at `base` names none.
pub fn smallest(master: &[u8], base: &str) -> Option<String> {
    let MasterPlaylist { variants, .. } = parse_master_playlist_res(master).ok()?;
    let pictures = variants.iter().filter(|variant| !variant.is_i_frame);
    Some(joined(base, &pictures.min_by_key(|variant| variant.bandwidth)?.uri))
}

/// The head of the file and the segments of the first seconds; `None` when it is no playlist of byte ranges.
pub fn parts(media: &[u8], base: &str, seconds: f64) -> Option<Vec<Part>> {
    let MediaPlaylist { segments, .. } = parse_media_playlist_res(media).ok()?;
    let mut parts = Vec::new();
    let mut left = seconds;
    for segment in segments {
        if left <= 0.0 {
            break;
        }
        if let Some(head) = segment.map {
            let range = head.byte_range?;
            parts.push(part(base, &head.uri, range.offset.unwrap_or(0), range.length)?);
        }
        let range = segment.byte_range?;
        parts.push(part(base, &segment.uri, range.offset?, range.length)?);
        left -= f64::from(segment.duration);
    }
    Some(parts)
}

fn part(base: &str, uri: &str, offset: u64, length: u64) -> Option<Part> {
    (length > 0).then(|| Part { path: joined(base, uri), offset, length })
}

/// A reference resolved against the path it was read at, as far as playlists use them: absolute, or with `../` in front.
fn joined(base: &str, reference: &str) -> String {
    if reference.starts_with('/') {
        return reference.to_owned();
    }
    let mut folders: Vec<&str> = base.split('/').collect();
    folders.pop();
    for part in reference.split('/') {
        match part {
            ".." => {
                folders.pop();
            }
            "." => {}
            name => folders.push(name),
        }
    }
    folders.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MASTER: &str = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900000\nv720.m3u8\n\
        #EXT-X-STREAM-INF:BANDWIDTH=300000\nv360.m3u8\n\
        #EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1000,URI=\"iframes-v360.m3u8\"\n";

    const MEDIA: &str = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:6\n\
        #EXT-X-MAP:URI=\"../../s/a/t/v360.mp4\",BYTERANGE=\"800@0\"\n\
        #EXTINF:6,\n#EXT-X-BYTERANGE:5000@900\n../../s/a/t/v360.mp4\n\
        #EXTINF:6,\n#EXT-X-BYTERANGE:6000@5900\n../../s/a/t/v360.mp4\n\
        #EXTINF:6,\n#EXT-X-BYTERANGE:7000@11900\n../../s/a/t/v360.mp4\n#EXT-X-ENDLIST\n";

    #[test]
    fn the_smallest_picture_is_chosen_and_never_the_key_frames() {
        assert_eq!(smallest(MASTER.as_bytes(), "/m/a/t/master.m3u8").as_deref(), Some("/m/a/t/v360.m3u8"));
        assert_eq!(smallest(b"#EXTM3U\n", "/m/a/t/master.m3u8"), None);
        assert_eq!(smallest(b"<html>", "/m/a/t/master.m3u8"), None);
    }

    #[test]
    fn ten_seconds_are_the_head_and_the_segments_that_cover_them() {
        let parts = parts(MEDIA.as_bytes(), "/m/a/v360.m3u8", 10.0).expect("a playlist");
        let ranges: Vec<(u64, u64)> = parts.iter().map(|part| (part.offset, part.length)).collect();
        assert_eq!(ranges, [(0, 800), (900, 5000), (5900, 6000)]);
        assert!(parts.iter().all(|part| part.path == "/s/a/t/v360.mp4"), "{parts:?}");
        assert_eq!(super::parts(b"<html>", "/x", 10.0), None);
    }
}
