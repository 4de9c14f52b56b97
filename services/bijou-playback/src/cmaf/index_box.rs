//! Writes the segment index box (`sidx`, ISO/IEC 14496-12 8.16.3) that stands between a rendition's header and its
//! first fragment.
//!
//! DASH's on-demand profile finds segments through it; because it is ours, DASH and HLS name the very same byte
//! ranges and a cache between us and the players keeps one copy of each.

use super::segments::Segment;

/// The box for `segments`, of which the first begins at `start` ticks and right behind the box.
/// `None` if there are too many of them or one is too large for the format's 31 bits.
pub fn write(timescale: u32, start: u64, segments: &[Segment]) -> Option<Vec<u8>> {
    // At four seconds each, the 16-bit count is enough for three days of film.
    let count = u16::try_from(segments.len()).ok()?;
    let size = 40 + 12 * u32::from(count);
    let mut out = Vec::with_capacity(size as usize);
    out.extend(size.to_be_bytes());
    out.extend(b"sidx");
    out.extend([1, 0, 0, 0]); // version 1: 64-bit times
    out.extend(1_u32.to_be_bytes()); // reference to track 1
    out.extend(timescale.to_be_bytes());
    out.extend(start.to_be_bytes());
    out.extend(0_u64.to_be_bytes()); // first segment follows at once
    out.extend(0_u16.to_be_bytes());
    out.extend(count.to_be_bytes());
    for segment in segments {
        let referenced = u32::try_from(segment.size).ok().filter(|size| *size < 1 << 31)?;
        out.extend(referenced.to_be_bytes());
        out.extend(u32::try_from(segment.duration).ok()?.to_be_bytes());
        // Starts with a stream access point of type 1: decodable from its first byte.
        out.extend(0x9000_0000_u32.to_be_bytes());
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_box_says_its_own_size_and_every_segment() {
        let segments = [Segment { size: 1000, duration: 24_576 }, Segment { size: 2000, duration: 49_152 }];
        let bytes = write(12_288, 5, &segments).expect("small enough");
        assert_eq!(bytes.len(), 64);
        assert_eq!(bytes[..8], [0, 0, 0, 64, b's', b'i', b'd', b'x']);
        assert_eq!(bytes[20..28], 5_u64.to_be_bytes());
        assert_eq!(bytes[38..40], [0, 2]);
        assert_eq!(bytes[40..44], 1000_u32.to_be_bytes());
        assert_eq!(bytes[56..60], 49_152_u32.to_be_bytes());
    }

    #[test]
    fn what_the_format_cannot_hold_is_refused() {
        assert_eq!(write(1, 0, &[Segment { size: 1 << 31, duration: 1 }]), None);
        assert_eq!(write(1, 0, &vec![Segment { size: 1, duration: 1 }; usize::from(u16::MAX) + 1]), None);
    }
}
