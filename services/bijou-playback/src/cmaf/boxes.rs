//! Reads one track's fragments from a fragmented MP4 (ISO/IEC 14496-12): where each starts, how long it lasts,
//! and where its first picture ends.
//!
//! Media data is skipped, never loaded: a two-hour film costs a few megabytes of reading. Every size in the file is
//! checked before it is believed, because the file may be cut short by a killed encoder.

use std::io::{Read, Seek, SeekFrom};

/// Largest `moov` or `moof` that is loaded, in bytes. Real ones are a few kilobytes.
const HEADER_MAX: u64 = 16 * 1024 * 1024;

/// One track of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Ticks a second of every time here.
    pub timescale: u32,
    /// RFC 6381 name for manifests, such as `avc1.64001f` or `mp4a.40.2`.
    pub codec: String,
    pub kind: Kind,
    /// Bytes from the start of the file to the end of `moov`.
    pub init_size: u64,
    pub fragments: Vec<Fragment>,
}

/// What the track holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Video { width: u32, height: u32 },
    Audio { channels: u32, sample_rate: u32 },
}

/// One `moof` with its `mdat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fragment {
    /// Offset of `moof` in the file.
    pub offset: u64,
    /// Bytes of `moof` and `mdat`.
    pub size: u64,
    /// Decode time of the first sample, in ticks.
    pub start: u64,
    /// Sum of the samples' durations, in ticks.
    pub duration: u64,
    /// Bytes from `offset` to the end of the first sample: for video, all a trick-play reader needs.
    pub first_sample_end: u64,
    /// Whether the first sample can be decoded on its own.
    pub starts_with_sync_sample: bool,
}

/// Why a file cannot be packaged.
#[derive(Debug, thiserror::Error)]
pub enum BoxError {
    #[error("failed to read the file")]
    Read(#[source] std::io::Error),
    #[error("the file ends inside box `{name}` at byte {offset}")]
    CutShort { name: String, offset: u64 },
    #[error("box `{name}` at byte {offset} has the impossible size {size}")]
    Size { name: String, offset: u64, size: u64 },
    #[error("box `{0}` is missing")]
    Missing(&'static str),
    #[error("sample format `{0}` is not supported")]
    Format(String),
    #[error("the file has {0} tracks; a rendition has one")]
    Tracks(usize),
}

/// Reads the whole structure of `source`.
pub fn read(source: &mut (impl Read + Seek)) -> Result<Track, BoxError> {
    let end = source.seek(SeekFrom::End(0)).map_err(BoxError::Read)?;
    let mut at = 0;
    let mut header: Option<Header> = None;
    let mut fragments: Vec<Fragment> = Vec::new();
    let mut open: Option<Fragment> = None;
    while at < end {
        let (name, size) = top_level(source, at, end)?;
        match &name {
            b"moov" => header = Some(Header::parse(&load(source, name, at, size)?, at + size)?),
            b"moof" => {
                let header = header.as_ref().ok_or(BoxError::Missing("moov"))?;
                open = Some(header.fragment(&load(source, name, at, size)?, at, size)?);
            }
            b"mdat" => {
                if let Some(mut fragment) = open.take() {
                    fragment.size += size;
                    fragments.push(fragment);
                }
            }
            _ => {}
        }
        at += size;
    }
    if open.is_some() {
        return Err(BoxError::Missing("mdat"));
    }
    let header = header.ok_or(BoxError::Missing("moov"))?;
    if fragments.is_empty() {
        return Err(BoxError::Missing("moof"));
    }
    Ok(Track { timescale: header.timescale, codec: header.codec, kind: header.kind, init_size: header.end, fragments })
}

type Name = [u8; 4];

fn show(name: Name) -> String {
    String::from_utf8_lossy(&name).into_owned()
}

fn top_level(source: &mut (impl Read + Seek), at: u64, end: u64) -> Result<(Name, u64), BoxError> {
    let mut head = [0; 16];
    let available = (end - at).min(16) as usize;
    if available < 8 {
        return Err(BoxError::CutShort { name: "header".to_owned(), offset: at });
    }
    source.seek(SeekFrom::Start(at)).map_err(BoxError::Read)?;
    source.read_exact(&mut head[..available]).map_err(BoxError::Read)?;
    let name: Name = [head[4], head[5], head[6], head[7]];
    let (size, least) = match u64::from(be32(&head, 0)) {
        // "To the end of the file".
        0 => (end - at, 8),
        1 if available == 16 => (be64(&head, 8), 16),
        size => (size, 8),
    };
    if size < least {
        return Err(BoxError::Size { name: show(name), offset: at, size });
    }
    if size > end - at {
        return Err(BoxError::CutShort { name: show(name), offset: at });
    }
    Ok((name, size))
}

fn load(source: &mut (impl Read + Seek), name: Name, at: u64, size: u64) -> Result<Vec<u8>, BoxError> {
    if size > HEADER_MAX {
        return Err(BoxError::Size { name: show(name), offset: at, size });
    }
    source.seek(SeekFrom::Start(at + 8)).map_err(BoxError::Read)?;
    let mut body = vec![0; (size - 8) as usize];
    source.read_exact(&mut body).map_err(BoxError::Read)?;
    Ok(body)
}

struct Header {
    timescale: u32,
    codec: String,
    kind: Kind,
    end: u64,
    /// Defaults of `trex`, used where `tfhd` is silent.
    default_duration: u32,
    default_size: u32,
    default_flags: u32,
}

impl Header {
    fn parse(moov: &[u8], end: u64) -> Result<Self, BoxError> {
        let tracks: Vec<&[u8]> = children(moov).filter(|(name, _)| name == b"trak").map(|(_, body)| body).collect();
        let [track] = tracks.as_slice() else {
            return Err(BoxError::Tracks(tracks.len()));
        };
        let media = child(track, *b"mdia").ok_or(BoxError::Missing("mdia"))?;
        let mdhd = child(media, *b"mdhd").ok_or(BoxError::Missing("mdhd"))?;
        // Version 1 has 64-bit times before the timescale.
        let timescale = word(mdhd, if mdhd.first() == Some(&1) { 20 } else { 12 })?;
        if timescale == 0 {
            return Err(BoxError::Missing("timescale"));
        }
        let stsd = [b"minf", b"stbl", b"stsd"]
            .iter()
            .try_fold(media, |body, name| child(body, **name))
            .ok_or(BoxError::Missing("stsd"))?;
        let (format, entry) =
            children(stsd.get(8..).unwrap_or_default()).next().ok_or(BoxError::Missing("sample entry"))?;
        let (codec, kind) = sample_entry(format, entry)?;
        let trex = child(moov, *b"mvex").and_then(|mvex| child(mvex, *b"trex")).ok_or(BoxError::Missing("trex"))?;
        Ok(Self {
            timescale,
            codec,
            kind,
            end,
            default_duration: word(trex, 12)?,
            default_size: word(trex, 16)?,
            default_flags: word(trex, 20)?,
        })
    }

    fn fragment(&self, moof: &[u8], offset: u64, moof_size: u64) -> Result<Fragment, BoxError> {
        let traf = child(moof, *b"traf").ok_or(BoxError::Missing("traf"))?;
        let tfhd = child(traf, *b"tfhd").ok_or(BoxError::Missing("tfhd"))?;
        let flags = word(tfhd, 0)? & 0x00ff_ffff;
        let mut at = 8;
        let mut optional = |bit: u32, length: usize| -> Result<Option<u32>, BoxError> {
            if flags & bit == 0 {
                return Ok(None);
            }
            let value = word(tfhd, at)?;
            at += length;
            Ok(Some(value))
        };
        optional(0x1, 8)?; // base data offset: not used by CMAF
        optional(0x2, 4)?; // sample description index
        let default_duration = optional(0x8, 4)?.unwrap_or(self.default_duration);
        let default_size = optional(0x10, 4)?.unwrap_or(self.default_size);
        let default_flags = optional(0x20, 4)?.unwrap_or(self.default_flags);

        let tfdt = child(traf, *b"tfdt").ok_or(BoxError::Missing("tfdt"))?;
        let start = if tfdt.first() == Some(&1) {
            u64::from(word(tfdt, 4)?) << 32 | u64::from(word(tfdt, 8)?)
        } else {
            u64::from(word(tfdt, 4)?)
        };

        let mut duration = 0;
        let mut first: Option<(u64, u32)> = None;
        for (_, trun) in children(traf).filter(|(name, _)| name == b"trun") {
            let run = Run::parse(trun, default_duration, default_size, default_flags)?;
            duration += run.duration;
            // Offsets count from the first byte of `moof` (`default-base-is-moof`).
            first = first.or(run.first.map(|(size, flags)| (u64::from(run.data_offset) + u64::from(size), flags)));
        }
        let (first_sample_end, first_flags) = first.ok_or(BoxError::Missing("trun"))?;
        Ok(Fragment {
            offset,
            size: moof_size,
            start,
            duration,
            first_sample_end,
            // `sample_is_non_sync_sample`
            starts_with_sync_sample: first_flags & 0x0001_0000 == 0,
        })
    }
}

struct Run {
    data_offset: u32,
    duration: u64,
    /// Size and flags of the first sample.
    first: Option<(u32, u32)>,
}

impl Run {
    fn parse(body: &[u8], default_duration: u32, default_size: u32, default_flags: u32) -> Result<Self, BoxError> {
        let flags = word(body, 0)? & 0x00ff_ffff;
        let count = word(body, 4)? as usize;
        let mut at = 8;
        let mut data_offset = 0;
        if flags & 0x1 != 0 {
            data_offset = word(body, at)?;
            at += 4;
        }
        let mut first_flags = None;
        if flags & 0x4 != 0 {
            first_flags = Some(word(body, at)?);
            at += 4;
        }
        let fields = [0x100, 0x200, 0x400, 0x800].map(|bit| flags & bit != 0);
        let entry = fields.iter().filter(|present| **present).count() * 4;
        if body.len() < at + entry * count {
            return Err(BoxError::CutShort { name: "trun".to_owned(), offset: at as u64 });
        }
        let mut run = Self { data_offset, duration: 0, first: None };
        if entry == 0 {
            // Nothing varies between the samples, and the count is only a claim: multiply, do not loop.
            run.duration = u64::from(default_duration) * count as u64;
            run.first = (count > 0).then_some((default_size, first_flags.unwrap_or(default_flags)));
            return Ok(run);
        }
        for index in 0..count {
            let mut field = at + index * entry;
            let mut next = |present: bool, default: u32| -> Result<u32, BoxError> {
                if !present {
                    return Ok(default);
                }
                let value = word(body, field)?;
                field += 4;
                Ok(value)
            };
            let duration = next(fields[0], default_duration)?;
            let size = next(fields[1], default_size)?;
            let sample_flags = next(fields[2], default_flags)?;
            run.duration += u64::from(duration);
            if index == 0 {
                run.first = Some((size, first_flags.unwrap_or(sample_flags)));
            }
        }
        Ok(run)
    }
}

fn sample_entry(format: Name, entry: &[u8]) -> Result<(String, Kind), BoxError> {
    match &format {
        b"avc1" => {
            let kind = Kind::Video { width: u32::from(half(entry, 24)?), height: u32::from(half(entry, 26)?) };
            let config = child(entry.get(78..).unwrap_or_default(), *b"avcC").ok_or(BoxError::Missing("avcC"))?;
            let profile = config.get(1..4).ok_or(BoxError::Missing("avcC"))?;
            Ok((format!("avc1.{:02x}{:02x}{:02x}", profile[0], profile[1], profile[2]), kind))
        }
        b"mp4a" => {
            let kind = Kind::Audio { channels: u32::from(half(entry, 16)?), sample_rate: u32::from(half(entry, 24)?) };
            let esds = child(entry.get(28..).unwrap_or_default(), *b"esds").ok_or(BoxError::Missing("esds"))?;
            let object = audio_object(esds.get(4..).unwrap_or_default()).ok_or(BoxError::Missing("decoder config"))?;
            Ok((format!("mp4a.40.{object}"), kind))
        }
        _ => Err(BoxError::Format(show(format))),
    }
}

/// The audio object type (ISO/IEC 14496-3) behind the nested descriptors of `esds`.
fn audio_object(mut body: &[u8]) -> Option<u8> {
    loop {
        let (&tag, rest) = body.split_first()?;
        // The length uses seven bits a byte; the high bit says that more follow.
        let continued = rest.iter().take(3).take_while(|byte| **byte & 0x80 != 0).count();
        let inner = rest.get(continued + 1..)?;
        body = match tag {
            0x03 => inner.get(3..)?,
            0x04 => inner.get(13..)?,
            0x05 => return inner.first().map(|byte| byte >> 3),
            _ => return None,
        };
    }
}

/// The boxes directly inside `body`; stops at the first that does not fit.
fn children(mut body: &[u8]) -> impl Iterator<Item = (Name, &[u8])> {
    std::iter::from_fn(move || {
        let name: Name = body.get(4..8)?.try_into().ok()?;
        let size = be32(body.get(..4)?, 0) as usize;
        let inner = body.get(8..size)?;
        body = &body[size..];
        Some((name, inner))
    })
}

fn child(body: &[u8], name: Name) -> Option<&[u8]> {
    children(body).find(|(found, _)| *found == name).map(|(_, inner)| inner)
}

fn be32(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn be64(bytes: &[u8], at: usize) -> u64 {
    u64::from(be32(bytes, at)) << 32 | u64::from(be32(bytes, at + 4))
}

fn word(body: &[u8], at: usize) -> Result<u32, BoxError> {
    match body.get(at..at + 4) {
        Some(bytes) => Ok(be32(bytes, 0)),
        None => Err(BoxError::CutShort { name: "field".to_owned(), offset: at as u64 }),
    }
}

fn half(body: &[u8], at: usize) -> Result<u16, BoxError> {
    match body.get(at..at + 2) {
        Some(bytes) => Ok(u16::from_be_bytes([bytes[0], bytes[1]])),
        None => Err(BoxError::CutShort { name: "field".to_owned(), offset: at as u64 }),
    }
}

#[cfg(test)]
#[path = "boxes_tests.rs"]
mod tests;
