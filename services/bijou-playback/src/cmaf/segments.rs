//! Groups fragments into the segments that manifests name.
//!
//! The first segment is one fragment, so that a player shows a picture after one small request; later ones grow to
//! the target. Pure arithmetic on tick counts.

use super::boxes::Fragment;

/// A run of bytes that is fetched, decoded and switched to as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    pub size: u64,
    /// In ticks of the track.
    pub duration: u64,
}

/// Adjoining fragments joined while they fit into `target` ticks (with a tenth of slack, so that frame rates like
/// 23.976, whose two-second groups last 2.002 s, still pair up). No fragment is ever split.
pub fn group(fragments: &[Fragment], target: u64) -> Vec<Segment> {
    let limit = target + target / 10;
    let mut segments: Vec<Segment> = Vec::new();
    for fragment in fragments {
        let after_first = segments.len() > 1;
        match segments.last_mut() {
            Some(last) if after_first && last.duration + fragment.duration <= limit => {
                last.size += fragment.size;
                last.duration += fragment.duration;
            }
            _ => segments.push(Segment { size: fragment.size, duration: fragment.duration }),
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fragments(durations: &[u64]) -> Vec<Fragment> {
        let fragment = |duration: &u64| Fragment {
            offset: 0,
            size: duration * 3,
            start: 0,
            duration: *duration,
            first_sample_end: 1,
            starts_with_sync_sample: true,
        };
        durations.iter().map(fragment).collect()
    }

    #[track_caller]
    fn check(durations: &[u64], expected: &[u64]) {
        let got: Vec<u64> = group(&fragments(durations), 4000).iter().map(|segment| segment.duration).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn the_first_segment_is_short_and_the_rest_reach_the_target() {
        check(&[2000; 5], &[2000, 4000, 4000]);
        check(&[2002; 4], &[2002, 4004, 2002]);
        check(&[2000], &[2000]);
        check(&[], &[]);
    }

    #[test]
    fn a_fragment_longer_than_the_target_stays_whole() {
        check(&[2000, 9000, 2000, 2000], &[2000, 9000, 4000]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost(durations in proptest::collection::vec(1_u64..6000, 0..50)) {
            let grouped = group(&fragments(&durations), 4000);
            prop_assert_eq!(grouped.iter().map(|s| s.duration).sum::<u64>(), durations.iter().sum::<u64>());
            prop_assert_eq!(grouped.iter().map(|s| s.size).sum::<u64>(), durations.iter().sum::<u64>() * 3);
        }
    }
}
