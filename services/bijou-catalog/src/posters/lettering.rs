//! Type: the faces posters are set in, how wide a text is, where its lines break, how large it may be.
//!
//! The renderer sets a line but knows no paragraphs, so lines are broken here, by the advances of the glyphs. Kerning is
//! left to the renderer: it only ever makes a line a little shorter than was planned.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use resvg::usvg::fontdb;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

use super::palette::Ink;

/// A typeface of the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Fraunces at its blackest: warm, a little odd.
    Serif,
    /// Fraunces italic: for what is tender.
    Italic,
    /// League Gothic: tall capitals that shout.
    Gothic,
    /// Inter Tight, heavy: the Swiss one.
    Grotesk,
    /// Inter: credits.
    Small,
}

struct Cut {
    family: &'static str,
    weight: u16,
    is_italic: bool,
    bytes: &'static [u8],
}

impl Face {
    const ALL: [Self; 5] = [Self::Serif, Self::Italic, Self::Gothic, Self::Grotesk, Self::Small];

    fn cut(self) -> Cut {
        match self {
            Self::Serif => Cut {
                family: "Fraunces Poster",
                weight: 900,
                is_italic: false,
                bytes: include_bytes!("../../assets/fonts/Fraunces-Black.ttf"),
            },
            Self::Italic => Cut {
                family: "Fraunces Poster",
                weight: 600,
                is_italic: true,
                bytes: include_bytes!("../../assets/fonts/Fraunces-Italic.ttf"),
            },
            Self::Gothic => Cut {
                family: "League Gothic Poster",
                weight: 400,
                is_italic: false,
                bytes: include_bytes!("../../assets/fonts/LeagueGothic.ttf"),
            },
            Self::Grotesk => Cut {
                family: "Inter Tight Poster",
                weight: 800,
                is_italic: false,
                bytes: include_bytes!("../../assets/fonts/InterTight-Heavy.ttf"),
            },
            Self::Small => Cut {
                family: "Inter Poster",
                weight: 600,
                is_italic: false,
                bytes: include_bytes!("../../assets/fonts/Inter-SemiBold.ttf"),
            },
        }
    }

    /// Distance of two base lines, in sizes.
    pub fn leading(self) -> f32 {
        match self {
            Self::Gothic => 0.92,
            Self::Serif => 0.94,
            Self::Italic => 0.98,
            Self::Grotesk => 0.93,
            Self::Small => 1.35,
        }
    }

    /// Height of a capital, in sizes.
    pub fn cap_height(self) -> f32 {
        match self {
            Self::Gothic => 0.72,
            Self::Serif | Self::Italic => 0.70,
            Self::Grotesk | Self::Small => 0.73,
        }
    }

    /// Space between letters, in sizes.
    fn tracking(self) -> f32 {
        match self {
            Self::Serif | Self::Italic => -0.012,
            Self::Grotesk => -0.022,
            Self::Gothic => 0.004,
            Self::Small => 0.09,
        }
    }

    /// The width of a line at size 1.
    pub fn width(self, line: &str) -> f32 {
        let letters = line.chars().map(|letter| self.advance(letter) + self.tracking());
        (letters.sum::<f32>() - self.tracking()).max(0.0)
    }

    fn advance(self, letter: char) -> f32 {
        let faces = &*FACES;
        let own = faces[self as usize].advance(letter);
        own.or_else(|| faces[Self::Small as usize].advance(letter)).unwrap_or(1.0)
    }
}

/// Whether all letters are there, so that nothing would be printed as a box.
pub fn can_print(text: &str) -> bool {
    let small = &FACES[Face::Small as usize];
    text.chars().all(|letter| small.advance(letter).is_some())
}

struct Metrics {
    font: FontRef<'static>,
    units: f32,
}

impl Metrics {
    fn advance(&self, letter: char) -> Option<f32> {
        let glyph = self.font.charmap().map(letter)?;
        let metrics = self.font.glyph_metrics(Size::unscaled(), LocationRef::default());
        metrics.advance_width(glyph).map(|advance| advance / self.units)
    }
}

static FACES: LazyLock<Vec<Metrics>> = LazyLock::new(|| {
    let metrics = |face: Face| {
        let font = FontRef::new(face.cut().bytes).expect("the fonts compiled in can be read");
        let units = f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em);
        Metrics { font, units }
    };
    Face::ALL.into_iter().map(metrics).collect()
});

/// The faces for the renderer.
pub fn fonts() -> Arc<fontdb::Database> {
    static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
        let mut fonts = fontdb::Database::new();
        for face in Face::ALL {
            fonts.load_font_data(face.cut().bytes.to_vec());
        }
        fonts.set_sans_serif_family(Face::Small.cut().family);
        Arc::new(fonts)
    });
    Arc::clone(&FONTS)
}

/// Where lines stand in their column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// A text broken into lines, at the size that fills its place best.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    pub face: Face,
    pub lines: Vec<String>,
    pub size: f32,
}

/// Bounds for setting a text.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub width: f32,
    pub height: f32,
    pub size_max: f32,
    pub lines_max: usize,
}

/// Sets a text as large as its place allows. Of settings of about one size, the one with fewer lines is taken.
pub fn fit(text: &str, face: Face, bounds: Bounds) -> Setting {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut best = Setting { face, lines: Vec::new(), size: 0.0 };
    for count in 1..=bounds.lines_max.min(words.len().max(1)) {
        let lines = balanced(&words, face, count);
        let widest = lines.iter().map(|line| face.width(line)).fold(0.001, f32::max);
        let tall = (lines.len() as f32 - 1.0) * face.leading() + face.cap_height();
        let size = (bounds.width / widest).min(bounds.height / tall).min(bounds.size_max);
        if size > best.size * 1.06 {
            best = Setting { face, lines, size };
        }
    }
    best
}

/// Breaks words into `count` lines whose widest is as narrow as possible, and whose short words do not end a line.
fn balanced(words: &[&str], face: Face, count: usize) -> Vec<String> {
    // cost[line][end]: the best that can be done with the first `end` words on `line + 1` lines.
    let mut cost = vec![vec![f32::INFINITY; words.len() + 1]; count];
    let mut from = vec![vec![0; words.len() + 1]; count];
    let width = |start: usize, end: usize| {
        let line = words[start..end].join(" ");
        // "THE CABINET OF / DR. CALIGARI" reads worse than "THE CABINET / OF DR. CALIGARI".
        let hangs = end < words.len() && words[end - 1].chars().count() <= 3 && end - start > 1;
        face.width(&line) * if hangs { 1.12 } else { 1.0 }
    };
    for (end, cost) in cost[0].iter_mut().enumerate().skip(1) {
        *cost = width(0, end);
    }
    for line in 1..count {
        for end in line + 1..=words.len() {
            for start in line..end {
                let candidate = cost[line - 1][start].max(width(start, end));
                if candidate < cost[line][end] {
                    cost[line][end] = candidate;
                    from[line][end] = start;
                }
            }
        }
    }
    let mut lines = Vec::with_capacity(count);
    let mut end = words.len();
    for line in (0..count).rev() {
        let start = if line == 0 { 0 } else { from[line][end] };
        lines.push(words[start..end].join(" "));
        end = start;
    }
    lines.reverse();
    lines
}

impl Setting {
    /// From the top of the first line's capitals to the last base line.
    pub fn height(&self) -> f32 {
        (self.lines.len().max(1) as f32 - 1.0) * self.leading() + self.face.cap_height() * self.size
    }

    /// How far the last line hangs below its base line.
    pub fn descent(&self) -> f32 {
        let hangs = self.lines.last().is_some_and(|line| line.contains(['g', 'j', 'p', 'q', 'y', 'ç', 'Q', ',', ';']));
        if hangs { self.size * 0.2 } else { 0.0 }
    }

    pub fn width(&self) -> f32 {
        self.lines.iter().map(|line| self.face.width(line)).fold(0.0, f32::max) * self.size
    }

    fn leading(&self) -> f32 {
        self.face.leading() * self.size
    }

    /// The lines as SVG; `top` is where the first line's capitals begin.
    pub fn svg(&self, x: f32, top: f32, align: Align, ink: Ink) -> String {
        let cut = self.face.cut();
        let anchor = match align {
            Align::Left => "start",
            Align::Right => "end",
        };
        let mut svg = String::new();
        for (at, line) in self.lines.iter().enumerate() {
            let y = top + self.face.cap_height() * self.size + self.leading() * at as f32;
            // A letter's own space on its left shows at large sizes: the eye wants the stems aligned, not the boxes.
            let optical = if align == Align::Left { self.size * 0.035 } else { 0.0 };
            let _ = write!(
                svg,
                "<text x=\"{:.1}\" y=\"{y:.1}\" font-family=\"{}\" font-weight=\"{}\"{} font-size=\"{:.1}\" letter-spacing=\"{:.2}\" text-anchor=\"{anchor}\" fill=\"{ink}\">{}</text>",
                x - optical,
                cut.family,
                cut.weight,
                if cut.is_italic { " font-style=\"italic\"" } else { "" },
                self.size,
                self.face.tracking() * self.size,
                escaped(line),
            );
        }
        svg
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // XML has no place for control characters, escaped or not.
            control if control.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { width: 800.0, height: 400.0, size_max: 200.0, lines_max: 4 };

    #[test]
    fn every_line_fits_its_place() {
        for face in Face::ALL {
            for name in
                ["M", "The Cabinet of Dr. Caligari", "Donaudampfschifffahrtsgesellschaft", "a b c d e f g h i j"]
            {
                let setting = fit(name, face, BOUNDS);
                assert!(setting.width() <= 800.5, "{name}: {} wide", setting.width());
                assert!(setting.height() <= 400.5, "{name}: {} tall", setting.height());
                assert_eq!(setting.lines.join(" "), name);
            }
        }
    }

    #[test]
    fn lines_are_balanced_and_do_not_end_in_little_words() {
        let setting = fit("The Cabinet of Dr. Caligari", Face::Gothic, Bounds { lines_max: 2, ..BOUNDS });
        assert_eq!(setting.lines, ["The Cabinet", "of Dr. Caligari"]);
    }

    #[test]
    fn a_text_without_words_takes_no_room() {
        assert_eq!(fit("   ", Face::Serif, BOUNDS).lines.concat(), "");
    }

    #[test]
    fn scripts_the_case_lacks_are_known() {
        assert!(can_print("Amélie Łódź Ελλάς Сталкер"));
        assert!(!can_print("七人の侍"));
    }

    #[test]
    fn text_cannot_break_out_of_the_drawing() {
        assert_eq!(escaped("<b>&\u{0}"), "&lt;b&gt;&amp; ");
    }
}
