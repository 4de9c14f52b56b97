//! Layouts: where the picture ends and the type begins.
//!
//! The sheet is 1000 x 1500 units, a backdrop 1600 x 900. The backdrop has no type: pages set the name over its left.

use super::canvas::{Area, Canvas};
use super::lettering::{Align, Bounds, Face, Setting, can_print, fit};
use super::motifs::{Motif, Pen, Stage};
use super::palette::{Ink, Palette};
use super::seed::Seed;
use super::subject::Subject;

const SHEET: Area = Area::new(0.0, 0.0, 1000.0, 1500.0);
const WIDE: Area = Area::new(0.0, 0.0, 1600.0, 900.0);
const MARGIN: f32 = 78.0;
/// Paper that is left unprinted around an inset picture.
const PAPER: Ink = Ink(0xf3_ead6);
const PAPER_TYPE: Ink = Ink(0x1c_1714);

/// How a sheet is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Picture above, name below, on one ground.
    Foot,
    /// Name above, picture below.
    Head,
    /// Picture inset in bare paper, name under it in the margin.
    Framed,
    /// Picture over the whole sheet; the name on a strip of cut paper.
    Strip,
    /// Every line as wide as the sheet, as from a box of wooden type; picture below.
    Block,
}

impl Layout {
    pub fn choose(subject: &Subject, motif: Motif, mut seed: Seed) -> Self {
        let words = subject.name.split_whitespace().count();
        // What fills a sheet evenly needs an edge; what stands in the open does not want one.
        let is_pattern = matches!(
            motif,
            Motif::Tiles
                | Motif::Tunnel
                | Motif::Chevrons
                | Motif::Rays
                | Motif::Windows
                | Motif::Curtain
                | Motif::Cells
        );
        let options: &[Self] = match (is_pattern, words) {
            (true, _) => &[Self::Framed, Self::Foot, Self::Strip, Self::Framed],
            (false, 2..=5) => &[Self::Foot, Self::Foot, Self::Head, Self::Framed, Self::Block],
            (false, _) => &[Self::Foot, Self::Foot, Self::Head, Self::Framed],
        };
        *seed.pick(options)
    }
}

/// The typeface that suits a title.
fn face(subject: &Subject, layout: Layout, seed: &mut Seed) -> Face {
    let options: &[Face] = if layout == Layout::Block {
        &[Face::Gothic, Face::Gothic, Face::Serif, Face::Grotesk]
    } else if subject.is_any(&["romance", "fantasy", "night", "nature", "melodrama"]) {
        &[Face::Italic, Face::Serif, Face::Serif]
    } else if subject.is_any(&["noir", "film-noir", "crime", "thriller", "western", "war", "action", "horror"]) {
        &[Face::Gothic, Face::Gothic, Face::Serif, Face::Grotesk]
    } else if subject.is_any(&["science-fiction", "mathematics", "documentary", "abstract"]) {
        &[Face::Grotesk, Face::Grotesk, Face::Gothic, Face::Serif]
    } else {
        &[Face::Serif, Face::Serif, Face::Grotesk, Face::Gothic, Face::Italic]
    };
    *seed.pick(options)
}

/// A poster with its name.
pub fn poster(subject: &Subject, palette: &Palette, motif: Motif, layout: Layout, mut seed: Seed) -> String {
    let mut canvas = Canvas::new();
    let face = face(subject, layout, &mut seed);
    let type_ink = palette.key;
    // A second voice in the accent, where it can be read.
    let loud = if palette.accent.contrast(palette.ground) >= 3.2 { palette.accent } else { palette.key };
    let name = Name::of(subject, face);
    match layout {
        Layout::Foot => {
            canvas.rect(SHEET, palette.ground);
            let setting =
                name.fit(Bounds { width: 1000.0 - 2.0 * MARGIN, height: 330.0, size_max: 250.0, lines_max: 4 });
            let credits = Credits::of(subject);
            let top = 1500.0 - MARGIN - credits.height() - 46.0 - setting.height();
            let area = Area::new(0.0, 0.0, 1000.0, (top - 58.0).min(1090.0));
            picture(&mut canvas, palette, motif, area, (0.5, 0.5), &mut seed);
            setting.set(&mut canvas, MARGIN, top, Align::Left, type_ink, loud);
            credits.set(&mut canvas, MARGIN, 1000.0 - MARGIN, 1500.0 - MARGIN, type_ink, palette);
        }
        Layout::Head => {
            canvas.rect(SHEET, palette.ground);
            let setting =
                name.fit(Bounds { width: 1000.0 - 2.0 * MARGIN, height: 330.0, size_max: 260.0, lines_max: 4 });
            let credits = Credits::of(subject);
            let top = MARGIN + 14.0;
            let from = top + setting.height() + 64.0;
            let to = 1500.0 - MARGIN - credits.height() - 40.0;
            picture(&mut canvas, palette, motif, Area::new(0.0, from, 1000.0, to - from), (0.5, 0.5), &mut seed);
            setting.set(&mut canvas, MARGIN, top, Align::Left, type_ink, loud);
            credits.set(&mut canvas, MARGIN, 1000.0 - MARGIN, 1500.0 - MARGIN, type_ink, palette);
        }
        Layout::Framed => {
            canvas.rect(SHEET, PAPER);
            let edge = 58.0;
            let setting = name.fit(Bounds { width: 1000.0 - 2.0 * edge, height: 250.0, size_max: 200.0, lines_max: 3 });
            let credits = Credits::of(subject);
            let top = 1500.0 - edge - credits.height() - 40.0 - setting.height();
            let area = Area::new(edge, edge, 1000.0 - 2.0 * edge, top - 44.0 - edge);
            canvas.rect(area, palette.ground);
            picture(&mut canvas, palette, motif, area, (0.5, 0.5), &mut seed);
            let ink = [palette.ground, palette.accent, palette.key].into_iter().find(|ink| ink.contrast(PAPER) >= 4.5);
            let ink = ink.unwrap_or(PAPER_TYPE);
            setting.set(&mut canvas, edge, top, Align::Left, PAPER_TYPE, ink);
            credits.set(&mut canvas, edge, 1000.0 - edge, 1500.0 - edge, PAPER_TYPE, palette);
        }
        Layout::Strip => {
            canvas.rect(SHEET, palette.ground);
            picture(&mut canvas, palette, motif, SHEET, (0.5, 0.4), &mut seed);
            let setting = name.fit(Bounds { width: 820.0, height: 300.0, size_max: 190.0, lines_max: 4 });
            let credits = Credits::of(subject);
            let tall = setting.height() + credits.height() + 176.0;
            let top = 1500.0 - tall - 96.0;
            let lean = seed.between(-16.0, 16.0);
            let strip = [
                (-30.0, top - lean),
                (1030.0, top + lean),
                (1030.0, top + tall + lean * 0.4),
                (-30.0, top + tall - lean * 0.4),
            ];
            canvas.cut(&strip, 5.0, PAPER, super::canvas::Print::Solid, &mut seed);
            let ink = [palette.ground, palette.accent, palette.key].into_iter().find(|ink| ink.contrast(PAPER) >= 4.5);
            setting.set(&mut canvas, 90.0, top + 62.0, Align::Left, PAPER_TYPE, ink.unwrap_or(PAPER_TYPE));
            credits.set(&mut canvas, 90.0, 910.0, top + tall - 56.0, PAPER_TYPE, palette);
        }
        Layout::Block => {
            canvas.rect(SHEET, palette.ground);
            let bottom = block(&mut canvas, subject, face, MARGIN, type_ink, loud);
            let credits = Credits::of(subject);
            let to = 1500.0 - MARGIN - credits.height() - 40.0;
            picture(
                &mut canvas,
                palette,
                motif,
                Area::new(0.0, bottom + 56.0, 1000.0, to - bottom - 56.0),
                (0.5, 0.5),
                &mut seed,
            );
            credits.set(&mut canvas, MARGIN, 1000.0 - MARGIN, 1500.0 - MARGIN, type_ink, palette);
        }
    }
    canvas.finish(SHEET.w, SHEET.h)
}

/// The picture alone, its weight to the right: the page's own type comes over the left.
pub fn backdrop(palette: &Palette, motif: Motif, mut seed: Seed) -> String {
    let mut canvas = Canvas::new();
    canvas.rect(WIDE, palette.ground);
    picture(&mut canvas, palette, motif, WIDE, (0.66, 0.5), &mut seed);
    canvas.finish(WIDE.w, WIDE.h)
}

fn picture(canvas: &mut Canvas, palette: &Palette, motif: Motif, area: Area, focus: (f32, f32), seed: &mut Seed) {
    let seed = seed.fork("picture");
    canvas.clipped(area, |canvas| {
        motif.draw(&mut Pen { canvas, palette, seed }, Stage { area, focus });
    });
}

/// A name, in a main part and what comes after its colon.
struct Name {
    face: Face,
    main: String,
    rest: Option<String>,
}

struct NameSetting {
    main: Setting,
    rest: Option<Setting>,
}

const REST_GAP: f32 = 34.0;

impl Name {
    fn of(subject: &Subject, face: Face) -> Self {
        let name = if can_print(&subject.name) { subject.name.as_str() } else { "" };
        let parts = [": ", " – ", " — ", " - "].into_iter().find_map(|mark| name.split_once(mark));
        let (main, rest) = match parts {
            Some((main, rest)) if main.chars().count() >= 3 && !rest.trim().is_empty() => (main, Some(rest.trim())),
            _ => (name, None),
        };
        let set = |text: &str| if face == Face::Gothic { text.to_uppercase() } else { text.to_owned() };
        Self { face, main: set(main), rest: rest.map(str::to_owned) }
    }

    fn fit(&self, bounds: Bounds) -> NameSetting {
        let rest = self.rest.as_deref().map(|rest| {
            let face = if self.face == Face::Gothic { Face::Grotesk } else { self.face };
            fit(rest, face, Bounds { width: bounds.width, height: 110.0, size_max: 58.0, lines_max: 2 })
        });
        let taken = rest.as_ref().map_or(0.0, |rest| rest.height() + REST_GAP + 40.0);
        NameSetting { main: fit(&self.main, self.face, Bounds { height: bounds.height - taken, ..bounds }), rest }
    }
}

impl NameSetting {
    /// From the first line's capitals to what hangs lowest.
    fn height(&self) -> f32 {
        match &self.rest {
            Some(rest) => self.main.height() + self.gap() + rest.height() + rest.descent(),
            None => self.main.height() + self.main.descent(),
        }
    }

    /// Between the main part and the rest.
    fn gap(&self) -> f32 {
        REST_GAP + self.main.descent()
    }

    fn set(&self, canvas: &mut Canvas, x: f32, top: f32, align: Align, ink: Ink, loud: Ink) {
        canvas.raw(&self.main.svg(x, top, align, ink));
        if let Some(rest) = &self.rest {
            canvas.raw(&rest.svg(x, top + self.main.height() + self.gap(), align, loud));
        }
    }
}

/// Lines of wooden type, each filling the width. Gives where they end.
fn block(canvas: &mut Canvas, subject: &Subject, face: Face, top: f32, ink: Ink, loud: Ink) -> f32 {
    let name = Name::of(subject, face);
    let mut lines: Vec<String> = Vec::new();
    for word in name.main.split_whitespace() {
        // Little words ride with the next one.
        match lines.last_mut() {
            Some(last) if last.chars().count() <= 3 => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let width = 1000.0 - 2.0 * MARGIN;
    let tallest = if face == Face::Gothic { 400.0 } else { 250.0 };
    let mut settings: Vec<Setting> = lines
        .iter()
        .map(|line| fit(line, face, Bounds { width, height: 600.0, size_max: tallest, lines_max: 1 }))
        .collect();
    let gap = 26.0;
    let total: f32 = settings.iter().map(|setting| setting.height() + gap).sum();
    let room = 760.0;
    if total > room {
        for setting in &mut settings {
            setting.size *= room / total;
        }
    }
    let mut y = top + 10.0;
    let last = settings.len().saturating_sub(1);
    for (at, setting) in settings.iter().enumerate() {
        canvas.raw(&setting.svg(MARGIN, y, Align::Left, if at == last && last > 0 { loud } else { ink }));
        y += setting.height() + setting.descent() * 0.8 + gap;
    }
    if let Some(rest) = &name.rest {
        let setting = fit(rest, Face::Grotesk, Bounds { width, height: 90.0, size_max: 50.0, lines_max: 2 });
        canvas.raw(&setting.svg(MARGIN, y + 6.0, Align::Left, ink));
        y += setting.height() + 20.0;
    }
    y - gap
}

/// The small print: who made it, who plays, when.
struct Credits {
    makers: Option<String>,
    cast: Option<String>,
    right: String,
    is_house: bool,
}

const CREDIT_SIZE: f32 = 25.0;
const CREDIT_LEADING: f32 = 38.0;

impl Credits {
    fn of(subject: &Subject) -> Self {
        let printed = |text: String| (!text.is_empty() && can_print(&text)).then(|| text.to_uppercase());
        Self {
            makers: printed(subject.makers.clone()),
            cast: printed(subject.cast.join(" · ")),
            right: if subject.is_show { format!("A SERIES · {}", subject.year) } else { subject.year.to_string() },
            is_house: subject.is_house,
        }
    }

    fn height(&self) -> f32 {
        let lines = usize::from(self.cast.is_some()) + 1;
        Face::Small.cap_height() * CREDIT_SIZE + CREDIT_LEADING * (lines as f32 - 1.0)
    }

    fn set(&self, canvas: &mut Canvas, left: f32, right: f32, bottom: f32, ink: Ink, palette: &Palette) {
        let cap = Face::Small.cap_height() * CREDIT_SIZE;
        let line = |text: &str, width: f32| {
            let bounds = Bounds { width, height: cap, size_max: CREDIT_SIZE, lines_max: 1 };
            fit(text, Face::Small, bounds)
        };
        let year = line(&self.right, 400.0);
        canvas.raw(&year.svg(right, bottom - cap, Align::Right, ink));
        let room = right - left - year.width() - 40.0;
        let mut top = bottom - cap;
        if let Some(cast) = &self.cast {
            canvas.raw(&line(cast, room).svg(left, top, Align::Left, ink));
            top -= CREDIT_LEADING;
        }
        match &self.makers {
            Some(_) if self.is_house => bulbs(canvas, (left, top + cap / 2.0), palette, ink),
            Some(makers) => canvas.raw(&line(makers, if self.cast.is_some() { right - left } else { room }).svg(
                left,
                top,
                Align::Left,
                ink,
            )),
            None => {}
        }
    }
}

/// The house's mark: a row of five bulbs, and its name.
fn bulbs(canvas: &mut Canvas, (x, y): (f32, f32), palette: &Palette, ink: Ink) {
    let lit = if palette.accent.contrast(palette.ground) >= 2.0 { palette.accent } else { ink };
    for bulb in 0..5 {
        canvas.disc((x + 8.0 + bulb as f32 * 26.0, y), 8.0, lit, super::canvas::Print::Solid);
    }
    let cap = Face::Small.cap_height() * CREDIT_SIZE;
    let bounds = Bounds { width: 500.0, height: cap, size_max: CREDIT_SIZE, lines_max: 1 };
    canvas.raw(&fit("BIJOU ORIGINALS", Face::Small, bounds).svg(x + 148.0, y - cap / 2.0, Align::Left, ink));
}
