//! Pictures of things and people.

use super::places::figure;
use super::{Pen, Stage};
use crate::posters::canvas::{Area, Point, Print, polar};

/// A clock, large, at an hour of its own.
pub(super) fn clock(pen: &mut Pen<'_>, stage: Stage) {
    let (cx, cy) = stage.centre();
    let unit = stage.area.unit();
    let r = unit * 0.41;
    pen.canvas.disc((cx, cy), r, pen.palette.key, Print::Solid);
    let dial = if pen.palette.third.contrast(pen.palette.key) > 1.9 { pen.palette.third } else { pen.palette.ground };
    pen.canvas.disc((cx, cy), r * 0.9, dial, Print::Solid);
    for mark in 0..12 {
        let turned = mark as f32 / 12.0;
        let (long, wide) = if mark % 3 == 0 { (0.2, 0.055) } else { (0.12, 0.026) };
        let (from, to) = (polar((cx, cy), turned, r * 0.83), polar((cx, cy), turned, r * (0.83 - long)));
        pen.canvas.line(from, to, r * wide, pen.palette.key);
    }
    let hour = pen.seed.between(0.0, 1.0);
    // The hands agree with each other: the minute hand is where the hour hand's place says.
    let minute = (hour * 12.0).fract();
    hand(pen, (cx, cy), hour - 0.25, r * 0.5, r * 0.085);
    hand(pen, (cx, cy), minute - 0.25, r * 0.76, r * 0.06);
    // The wedge of time that is left.
    pen.canvas.disc((cx, cy), r * 0.085, pen.palette.accent, Print::Solid);
    pen.canvas.disc((cx, cy), r * 0.035, pen.palette.key, Print::Solid);
}

fn hand(pen: &mut Pen<'_>, from: Point, turned: f32, long: f32, wide: f32) {
    let tip = polar(from, turned, long);
    let tail = polar(from, turned + 0.5, long * 0.22);
    let (one, two) = (polar(from, turned + 0.25, wide / 2.0), polar(from, turned - 0.25, wide / 2.0));
    pen.canvas.polygon(&[tail, one, tip, two], pen.palette.accent, Print::Solid);
}

/// Many who look alike, and one who does not.
pub(super) fn crowd(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let rows = if w > h { 4 } else { 6 };
    let (cx, _) = stage.centre();
    let odd_row = rows - 2;
    for row in 0..rows {
        let near = row as f32 / (rows - 1) as f32;
        let tall = stage.area.unit() * (0.2 + 0.28 * near);
        let gap = tall * 0.47;
        let foot = y + h * (0.3 + 0.86 * near.powf(1.15));
        let count = (w / gap) as i32 + 3;
        let shift = if row % 2 == 0 { 0.0 } else { gap / 2.0 };
        let first = x - gap + shift;
        let odd = ((cx - first) / gap).round() as i32;
        let ink = pen.palette.third.mixed(pen.palette.key, near);
        let ink = if row % 2 == 0 { ink } else { ink.mixed(pen.palette.ground, 0.22) };
        for at in 0..count {
            let spot = (first + gap * at as f32, foot);
            let is_odd = row == odd_row && at == odd;
            figure(pen, spot, tall * if is_odd { 1.1 } else { 1.0 }, if is_odd { pen.palette.accent } else { ink });
        }
    }
}

/// A theatre's curtain, parted on a disc of light.
pub(super) fn curtain(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let (cx, _) = stage.centre();
    let unit = stage.area.unit();
    let (one, two) = (pen.palette.accent, pen.palette.accent.mixed(pen.palette.key, 0.32));
    let back =
        if pen.palette.ground.luminance() < pen.palette.key.luminance() { pen.palette.ground } else { pen.palette.key };
    pen.canvas.rect(stage.area, back);
    let spot = (cx, y + h * 0.8);
    let beam =
        [(cx - unit * 0.02, y), (cx + unit * 0.02, y), (spot.0 + unit * 0.26, spot.1), (spot.0 - unit * 0.26, spot.1)];
    pen.canvas.polygon(&beam, pen.palette.third.mixed(back, 0.35), Print::Solid);
    pen.canvas.ellipse(spot, (unit * 0.26, unit * 0.06), 0.0, pen.palette.third, None, Print::Solid);
    figure(pen, (spot.0, spot.1 + unit * 0.01), unit * 0.32, back);
    let folds = if w > h { 9 } else { 6 };
    for side in [-1.0_f32, 1.0] {
        let edge = if side < 0.0 { x } else { x + w };
        for fold in (0..folds).rev() {
            let share = |at: f32| at / folds as f32;
            // Gathered at a third from the floor, open above and below it.
            let top = edge - side * (cx - edge).abs() * share(fold as f32 + 1.0) * 0.97;
            let tied = edge - side * (cx - edge).abs() * share(fold as f32 + 1.0) * 0.36;
            let hem = edge - side * (cx - edge).abs() * share(fold as f32 + 1.0) * 0.56;
            let ink = if fold % 2 == 0 { one } else { two };
            let d = format!(
                "M{edge:.1} {y:.1}L{top:.1} {y:.1}Q{:.1} {:.1} {tied:.1} {:.1}Q{:.1} {:.1} {hem:.1} {:.1}L{edge:.1} {:.1}Z",
                top,
                y + h * 0.42,
                y + h * 0.64,
                tied,
                y + h * 0.84,
                y + h + 20.0,
                y + h + 20.0
            );
            pen.canvas.path(&d, ink, Print::Solid);
        }
    }
    let scallops = if w > h { 10 } else { 6 };
    let size = w / scallops as f32;
    for at in 0..scallops {
        let left = x + size * at as f32;
        let ink = if at % 2 == 0 { two } else { one };
        pen.canvas.ellipse((left + size / 2.0, y + h * 0.045), (size * 0.52, h * 0.085), 0.0, ink, None, Print::Solid);
        pen.canvas.ellipse(
            (left + size / 2.0, y + h * 0.03),
            (size * 0.52, h * 0.075),
            0.0,
            pen.palette.third.mixed(ink, 0.72),
            None,
            Print::Solid,
        );
    }
}

/// An eye that does not look away.
pub(super) fn eye(pen: &mut Pen<'_>, stage: Stage) {
    let (cx, cy) = stage.centre();
    let unit = stage.area.unit();
    let (half, open) = (unit * 0.45, unit * pen.seed.between(0.3, 0.4));
    let lashes = 13;
    for at in 0..lashes {
        let share = (at as f32 + 0.5) / lashes as f32;
        let turned = 0.5 + share * 0.5;
        let (inner, outer) = (unit * 0.33, unit * (0.44 + 0.07 * (share * std::f32::consts::PI).sin()));
        let spread = 0.012;
        let ray = [
            polar((cx, cy), turned - spread, inner),
            polar((cx, cy), turned, outer),
            polar((cx, cy), turned + spread, inner),
        ];
        pen.canvas.polygon(&ray, pen.palette.key, Print::Solid);
    }
    let almond = |half: f32, open: f32| {
        format!(
            "M{:.1} {cy:.1}Q{cx:.1} {:.1} {:.1} {cy:.1}Q{cx:.1} {:.1} {:.1} {cy:.1}Z",
            cx - half,
            cy - open * 1.55,
            cx + half,
            cy + open * 1.35,
            cx - half
        )
    };
    pen.canvas.path(&almond(half, open), pen.palette.key, Print::Solid);
    let white = if pen.palette.third.contrast(pen.palette.key) > 2.6 { pen.palette.third } else { pen.palette.ground };
    pen.canvas.path(&almond(half * 0.86, open * 0.8), white, Print::Solid);
    let iris = open * 0.58;
    pen.canvas.disc((cx, cy - open * 0.03), iris, pen.palette.accent, Print::Solid);
    for at in 0..24 {
        let turned = at as f32 / 24.0;
        pen.canvas.line(
            polar((cx, cy), turned, iris * 0.5),
            polar((cx, cy), turned, iris * 0.92),
            3.5,
            pen.palette.key,
        );
    }
    pen.canvas.disc((cx, cy - open * 0.03), iris * 0.5, pen.palette.key, Print::Solid);
    pen.canvas.disc((cx + iris * 0.2, cy - open * 0.03 - iris * 0.22), iris * 0.13, white, Print::Solid);
}

/// Keys, and the notes they have let go.
pub(super) fn keys(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let unit = stage.area.unit();
    let top = y + h * 0.6;
    let count = if w > h { 14 } else { 8 };
    let wide = w / count as f32;
    let white =
        if pen.palette.ground.luminance() > pen.palette.key.luminance() { pen.palette.ground } else { pen.palette.key };
    let black = if white == pen.palette.ground { pen.palette.key } else { pen.palette.ground };
    let pressed = (stage.focus.0 * count as f32) as i32;
    pen.canvas.rect(Area::new(x, top - unit * 0.02, w, h), black);
    for at in 0..count {
        let ink = if at == pressed { pen.palette.accent } else { white };
        let key = Area::new(x + wide * at as f32 + 2.5, top, wide - 5.0, h);
        pen.canvas.rect(key, ink);
    }
    for at in 0..count {
        if ![2, 6].contains(&(at % 7)) {
            pen.canvas.rect(Area::new(x + wide * (at as f32 + 0.7), top, wide * 0.6, h * 0.23), black);
        }
    }
    // Notes rise from the key that is down, growing.
    let from = (x + wide * (pressed as f32 + 0.5), top);
    let curve = pen.seed.between(-0.16, 0.16) * w;
    for note in 0..6 {
        let share = note as f32 / 5.0;
        let spot =
            (from.0 + curve * (share * 3.4).sin() + w * 0.10 * (share - 0.5), from.1 - h * (0.08 + 0.47 * share));
        let size = unit * (0.022 + 0.05 * share);
        let ink = if note % 3 == 2 {
            pen.palette.key
        } else if note % 3 == 1 {
            pen.palette.third
        } else {
            pen.palette.accent
        };
        let ink = if ink == white && pen.palette.ground == white { black } else { ink };
        pen.canvas.ellipse(spot, (size, size * 0.76), -20.0, ink, None, Print::Solid);
        let stem = (spot.0 + size * 0.9, spot.1 - size * 0.2);
        pen.canvas.line(stem, (stem.0, stem.1 - size * 2.9), size * 0.2, ink);
        let flag = format!(
            "M{:.1} {:.1}q{:.1} {:.1} {:.1} {:.1}q{:.1} {:.1} {:.1} {:.1}Z",
            stem.0 - size * 0.1,
            stem.1 - size * 2.9,
            size * 0.2,
            size * 0.8,
            size * 1.0,
            size * 1.5,
            -size * 0.1,
            -size * 0.5,
            -size * 1.0,
            -size * 0.6
        );
        pen.canvas.path(&flag, ink, Print::Solid);
    }
}

/// Paper lanterns going up.
pub(super) fn lanterns(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let unit = stage.area.unit();
    let (count, tries) = (if w > h { 22 } else { 16 }, 110);
    let mut spots: Vec<(f32, f32, f32)> = Vec::new();
    // Large ones first; those that find no free place stay on the ground.
    for attempt in 0..tries {
        if spots.len() == count {
            break;
        }
        let near = (1.0 - attempt as f32 / tries as f32).powf(2.2);
        let size = unit * (0.032 + 0.095 * near);
        // Cut by the upper edge they rise; cut by the lower one they would look forgotten.
        let lowest = (h - size * 1.25) / h;
        let spot = (x + w * pen.seed.between(0.08, 0.92), y + h * pen.seed.between(0.04, lowest), size);
        let is_free =
            spots.iter().all(|other| (other.0 - spot.0).hypot((other.1 - spot.1) * 0.8) > (other.2 + size) * 1.2);
        if is_free {
            spots.push(spot);
        }
    }
    for (at, (px, py, s)) in spots.into_iter().enumerate() {
        let ink = match at % 4 {
            0 | 2 => pen.palette.accent,
            1 => pen.palette.third,
            _ => pen.palette.key,
        };
        let shade = ink.mixed(pen.palette.ground, 0.3);
        let body = format!(
            "M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}L{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}Z",
            px - s * 0.62,
            py + s,
            px - s * 1.15,
            py - s * 0.7,
            px - s * 0.45,
            py - s * 1.1,
            px + s * 0.45,
            py - s * 1.1,
            px + s * 1.15,
            py - s * 0.7,
            px + s * 0.62,
            py + s
        );
        pen.canvas.path(&body, ink, Print::Solid);
        let inner = format!(
            "M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}L{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}Z",
            px - s * 0.05,
            py + s,
            px - s * 0.2,
            py - s * 0.7,
            px,
            py - s * 1.1,
            px + s * 0.45,
            py - s * 1.1,
            px + s * 1.15,
            py - s * 0.7,
            px + s * 0.62,
            py + s
        );
        pen.canvas.path(&inner, shade, Print::Solid);
        pen.canvas.rect(
            Area::new(px - s * 0.62, py + s * 0.94, s * 1.24, s * 0.13),
            pen.palette.key.mixed(pen.palette.ground, 0.15),
        );
        pen.canvas.ellipse(
            (px - s * 0.08, py + s * 0.62),
            (s * 0.13, s * 0.26),
            0.0,
            pen.palette.key,
            None,
            Print::Solid,
        );
    }
}
