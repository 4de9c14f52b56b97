//! Which renditions a source is worth: sizes and rate caps, by the source's size alone.
//!
//! Never larger than the source: enlarging is the player's work and costs no bytes there. A ladder by measured
//! quality (convex hull) is a later decision; this one is what it would fall back to.

/// A size in square pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub width: u32,
    pub height: u32,
}

/// One rendition to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rung {
    pub size: Size,
    /// Constant rate factor of x264; smaller is better.
    pub crf: u8,
    /// Ceiling of the rate over [`Rung::buffer_kbit`], in kilobits a second.
    pub rate_max_kbit: u32,
}

impl Rung {
    /// Size of the rate control's buffer in kilobits: two seconds, one group of pictures.
    pub fn buffer_kbit(&self) -> u32 {
        self.rate_max_kbit * 2
    }
}

/// The classes of the ladder: shorter side, rate factor, rate ceiling.
const CLASSES: [(u32, u8, u32); 3] = [(360, 23, 900), (720, 22, 3_000), (1080, 21, 5_500)];

/// A source this much larger than the highest class that fits gets a rung of its own size.
const WORTH_ANOTHER_RUNG: f64 = 1.25;

/// The rungs for a source, smallest first; empty only for a source without area.
///
/// A class is a box of 16:9 (9:16 for portrait) that the picture is fitted into, so that a wide film of
/// 1920x804 counts as 1080 although it has fewer lines.
pub fn ladder(source: Size) -> Vec<Rung> {
    if source.width < 2 || source.height < 2 {
        return Vec::new();
    }
    let class = class_of(source);
    let mut rungs: Vec<Rung> = CLASSES
        .iter()
        .filter(|(lines, ..)| f64::from(*lines) <= class + 0.5)
        .map(|&(lines, crf, rate_max_kbit)| Rung { size: scaled(source, f64::from(lines) / class), crf, rate_max_kbit })
        .collect();
    let (highest, _, _) = CLASSES[CLASSES.len() - 1];
    let covered = rungs.last().map_or(0.0, |rung| class_of(rung.size));
    if class < f64::from(highest) && (covered == 0.0 || class / covered >= WORTH_ANOTHER_RUNG) {
        rungs.push(own_size(source, class));
    }
    rungs
}

fn own_size(source: Size, class: f64) -> Rung {
    // Rates grow a little slower than the number of pixels.
    let (lines, crf, rate) = CLASSES[0];
    let rate_max_kbit = (f64::from(rate) * (class / f64::from(lines)).powf(1.75)).max(200.0) as u32;
    Rung { size: scaled(source, 1.0), crf, rate_max_kbit }
}

/// Lines of the 16:9 box around the picture.
fn class_of(size: Size) -> f64 {
    let (long, short) = (size.width.max(size.height), size.width.min(size.height));
    (f64::from(long) * 9.0 / 16.0).max(f64::from(short))
}

/// H.264 in 4:2:0 wants even sizes.
fn scaled(source: Size, factor: f64) -> Size {
    let even = |side: u32| ((f64::from(side) * factor / 2.0).round() as u32 * 2).clamp(2, side & !1);
    Size { width: even(source.width), height: even(source.height) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(width: u32, height: u32, expected: &[(u32, u32)]) {
        let got: Vec<_> =
            ladder(Size { width, height }).iter().map(|rung| (rung.size.width, rung.size.height)).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn common_sources_get_the_common_rungs() {
        check(1920, 1080, &[(640, 360), (1280, 720), (1920, 1080)]);
        check(1280, 720, &[(640, 360), (1280, 720)]);
        check(3840, 2160, &[(640, 360), (1280, 720), (1920, 1080)]);
        check(640, 360, &[(640, 360)]);
    }

    #[test]
    fn wide_and_upright_pictures_are_classed_by_the_box_around_them() {
        check(1920, 804, &[(640, 268), (1280, 536), (1920, 804)]);
        check(1080, 1920, &[(360, 640), (720, 1280), (1080, 1920)]);
    }

    #[test]
    fn a_source_between_two_classes_keeps_its_own_size() {
        check(854, 480, &[(640, 360), (854, 480)]);
        check(720, 404, &[(640, 360)]);
    }

    #[test]
    fn a_small_source_is_never_enlarged() {
        check(320, 180, &[(320, 180)]);
        check(161, 121, &[(160, 120)]);
        check(1, 1, &[]);
    }

    proptest! {
        #[test]
        fn every_rung_is_even_fits_the_source_and_beats_the_one_before(width in 2_u32..8000, height in 2_u32..8000) {
            let rungs = ladder(Size { width, height });
            prop_assert!(!rungs.is_empty());
            for rung in &rungs {
                prop_assert!(rung.size.width <= width && rung.size.height <= height);
                prop_assert!(rung.size.width % 2 == 0 && rung.size.height % 2 == 0);
            }
            for pair in rungs.windows(2) {
                prop_assert!(pair[0].rate_max_kbit < pair[1].rate_max_kbit);
                prop_assert!(pair[0].size.width <= pair[1].size.width);
            }
        }
    }
}
