//! Inks and papers. A palette is chosen by the first genre it was mixed for; within a mood the title's seed decides.

#![expect(clippy::unreadable_literal, reason = "colours are six digits in every stylesheet")]

use std::fmt;

use super::seed::Seed;
use super::subject::Subject;

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ink(pub u32);

/// Paper and inks of one poster.
#[derive(Debug)]
pub struct Palette {
    /// The paper, or what it was painted with first.
    pub ground: Ink,
    /// The ink of type and main shapes: far from the ground in lightness.
    pub key: Ink,
    /// The colour that is remembered.
    pub accent: Ink,
    /// A quieter third; lies between the others.
    pub third: Ink,
}

const fn palette(ground: u32, key: u32, accent: u32, third: u32) -> Palette {
    Palette { ground: Ink(ground), key: Ink(key), accent: Ink(accent), third: Ink(third) }
}

/// Genres of one mood, and what was mixed for them.
struct Mood {
    genres: &'static [&'static str],
    palettes: &'static [Palette],
}

/// The house's own, for films of the night and for all others.
const HOUSE_NIGHT: &[Palette] = &[
    palette(0x1a1423, 0xf7efe6, 0xffb648, 0xe6788f),
    palette(0x14202f, 0xf7efe6, 0xffb648, 0x4f6f93),
    palette(0x241a2e, 0xf8eedd, 0xf08a5d, 0x6d5080),
];

const HOUSE: &[Palette] = &[
    palette(0xf4b145, 0x1f1629, 0xd8473a, 0xf9ead2),
    palette(0x12333a, 0xf7efe6, 0xffb648, 0x3e8e84),
    palette(0xf2e6d8, 0x241a2e, 0xe0607a, 0xf0a53a),
    palette(0xdd6b80, 0x1d1526, 0xfbebd9, 0xffc465),
    palette(0x2b3f66, 0xf8eedd, 0xff9d4d, 0x7fa6c9),
];

const MOODS: &[Mood] = &[
    Mood {
        genres: &["horror", "supernatural", "slasher"],
        palettes: &[
            palette(0x17120f, 0xeaddc1, 0xb8242a, 0x6a6a44),
            palette(0x5a1a1c, 0xf0dcb8, 0xe0552f, 0x220c0d),
            palette(0xc7cda0, 0x191a10, 0x8a1f1e, 0x6f7b48),
            palette(0x2a1e3b, 0xead9c6, 0xe4572e, 0x7d5ba6),
            palette(0xe7dcc4, 0x16120f, 0xa81d22, 0x7f8a67),
        ],
    },
    Mood {
        genres: &["noir", "film-noir", "crime", "thriller", "mystery", "spy", "suspense"],
        palettes: &[
            palette(0xe8dfc8, 0x17130f, 0xc8321f, 0x9a917f),
            palette(0xd9a21b, 0x16120f, 0xb3261e, 0xf3e6c8),
            palette(0x1c1b1f, 0xf0e4c8, 0xd8431f, 0x6e6a64),
            palette(0xb02f1c, 0xf6e8cd, 0xf0b046, 0x3a0f0b),
            palette(0x24405a, 0xf1e6cf, 0xe0a32e, 0x10202f),
            palette(0xcfc6b2, 0x1c2430, 0xd4582a, 0x7b8791),
        ],
    },
    Mood {
        genres: &["science-fiction", "sci-fi", "superhero", "disaster"],
        palettes: &[
            palette(0x10243b, 0xf2e8d0, 0xf06b3a, 0x3c8da6),
            palette(0xefe6d2, 0x122b45, 0xe4572e, 0x7fb0b3),
            palette(0x0e4a50, 0xf4e9cf, 0xf2b134, 0x082f35),
            palette(0xe5623e, 0x141d33, 0xf7ebd3, 0xf2a65a),
            palette(0x38305a, 0xf3e7d3, 0xf2a03d, 0x8b7fb8),
        ],
    },
    Mood {
        genres: &[
            "western",
            "adventure",
            "war",
            "action",
            "martial-arts",
            "swashbuckler",
            "sports",
            "historical",
            "epic",
        ],
        palettes: &[
            palette(0xe3a857, 0x2b1a12, 0xb23a1e, 0xf5e5c4),
            palette(0xf1e1c2, 0x33241a, 0xd2601e, 0x7d9179),
            palette(0x45512f, 0xefe3c2, 0xe0a030, 0x23291a),
            palette(0xd4663f, 0x1a110e, 0xf6dcab, 0x7c2b1b),
            palette(0x28424b, 0xf2e4c6, 0xe07b39, 0x7d9a94),
        ],
    },
    Mood {
        genres: &["romance", "musical", "music", "dance", "melodrama"],
        palettes: &[
            palette(0xf3d9cb, 0x44173d, 0xd7263d, 0xf2a27a),
            palette(0xf0e3cc, 0x2e3a59, 0xd9576b, 0xe9b872),
            palette(0x8c2f39, 0xf7e8d0, 0xf2a65a, 0x3a1420),
            palette(0x1f4e5f, 0xf5e9d3, 0xee8572, 0x79a8a9),
            palette(0xe98a8f, 0x2c1a36, 0xfbefdc, 0xc73e55),
        ],
    },
    Mood {
        genres: &["comedy", "family", "animation", "animated", "children", "slapstick", "parody", "satire"],
        palettes: &[
            palette(0xf4c043, 0x1d2b53, 0xe4432f, 0xfdf0d0),
            palette(0xf4ead5, 0x1f3a5f, 0xf26b21, 0x6bb3a6),
            palette(0x67b2a4, 0x17324d, 0xf05a3c, 0xf8eacb),
            palette(0xee7b5b, 0x26233a, 0xfcefd5, 0xf4c95d),
            palette(0x396c9d, 0xfbf1dc, 0xf6c445, 0x1d3354),
            palette(0xf6e3d0, 0x3a2350, 0xee5a6f, 0xf3b33d),
        ],
    },
    Mood {
        genres: &[
            "fantasy",
            "surreal",
            "experimental",
            "abstract",
            "mathematics",
            "night",
            "nature",
            "life",
            "city",
            "travel",
        ],
        palettes: HOUSE,
    },
    Mood {
        genres: &["drama", "biography", "documentary", "silent", "classic", "political", "legal", "teen"],
        palettes: &[
            palette(0xe9e0cc, 0x23211e, 0xa6462f, 0x9fa58d),
            palette(0x2d3136, 0xefe7d6, 0xd8a24a, 0x7c8a8f),
            palette(0xd7c9a8, 0x1f2a36, 0x9c3b2b, 0x7f8f7b),
            palette(0x3f5a4f, 0xf2e8d2, 0xe3a24b, 0x22332d),
            palette(0xc98a4b, 0x231a17, 0xf5e8cd, 0x7e3f2a),
            palette(0x6b4a5e, 0xf4e6d5, 0xe9a15b, 0x35222f),
        ],
    },
];

/// The palette for a title.
pub fn choose(subject: &Subject, mut seed: Seed) -> &'static Palette {
    if subject.is_house {
        return seed.pick(if subject.is_any(&["night"]) { HOUSE_NIGHT } else { HOUSE });
    }
    let by_genre =
        subject.genres.iter().find_map(|genre| MOODS.iter().find(|mood| mood.genres.contains(&genre.as_str())));
    // Where nobody said what it is, any mood may do.
    let mood = by_genre.unwrap_or_else(|| seed.pick(MOODS));
    seed.pick(mood.palettes)
}

impl Palette {
    /// The most colourful of ground and accent, darkened until white text stands out on it.
    pub fn tint(&self) -> Ink {
        let lively = if self.ground.chroma() >= 60 { self.ground } else { self.accent };
        lively.darkened()
    }
}

impl Ink {
    pub fn channels(self) -> [u8; 3] {
        [(self.0 >> 16) as u8, (self.0 >> 8) as u8, self.0 as u8]
    }

    pub fn of(channels: [u8; 3]) -> Self {
        let [red, green, blue] = channels.map(u32::from);
        Self(red << 16 | green << 8 | blue)
    }

    fn chroma(self) -> u8 {
        let channels = self.channels();
        channels.iter().max().unwrap_or(&0) - channels.iter().min().unwrap_or(&0)
    }

    /// Relative luminance (WCAG 2.2), 0 to 1.
    pub fn luminance(self) -> f32 {
        let linear = |channel: u8| {
            let part = f32::from(channel) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.channels().map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The same hue, dark enough that white text on it has a contrast of 7:1 at least.
    pub fn darkened(self) -> Self {
        let mut ink = self;
        while ink.luminance() > 0.095 {
            ink = Self::of(ink.channels().map(|channel| (f32::from(channel) * 0.93) as u8));
        }
        ink
    }

    /// A mix of two, `share` of the other.
    pub fn mixed(self, other: Self, share: f32) -> Self {
        let (from, to) = (self.channels(), other.channels());
        let mix = |at: usize| (f32::from(from[at]) * (1.0 - share) + f32::from(to[at]) * share).round() as u8;
        Self::of([mix(0), mix(1), mix(2)])
    }

    /// Contrast of two colours (WCAG 2.2), 1 to 21.
    pub fn contrast(self, other: Self) -> f32 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if one > two { one / two } else { two / one }
    }
}

impl fmt::Display for Ink {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "#{:06x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_can_be_read_on_every_paper() {
        for palette in MOODS.iter().flat_map(|mood| mood.palettes).chain(HOUSE_NIGHT) {
            let contrast = palette.key.contrast(palette.ground);
            assert!(contrast >= 4.5, "{} on {}: {contrast}", palette.key, palette.ground);
        }
    }

    #[test]
    fn white_text_can_be_read_on_every_tint() {
        for palette in MOODS.iter().flat_map(|mood| mood.palettes).chain(HOUSE_NIGHT) {
            assert!(palette.tint().contrast(Ink(0xff_ffff)) >= 7.0, "{}", palette.tint());
        }
        assert_eq!(Ink(0).darkened(), Ink(0));
    }
}
