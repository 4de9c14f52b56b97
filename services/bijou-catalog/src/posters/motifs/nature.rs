//! Pictures of sky, water and what grows.

use std::fmt::Write as _;

use super::{Pen, Stage};
use crate::posters::canvas::{Area, Point, Print, polar};

/// A disc before another: a thin bright rim, and a sky full of small lights.
pub(super) fn eclipse(pen: &mut Pen<'_>, stage: Stage) {
    let (cx, cy) = stage.centre();
    let unit = stage.area.unit();
    let r = unit * pen.seed.between(0.3, 0.35);
    for ring in (1..=3).rev() {
        let grown = r * (1.0 + 0.16 * ring as f32);
        let share = 0.78 + 0.07 * ring as f32;
        pen.canvas.disc(
            (cx, cy),
            grown,
            pen.palette.third.mixed(pen.palette.ground, share.min(0.94) - 0.25),
            Print::Solid,
        );
    }
    let turned = pen.seed.between(0.55, 0.95);
    pen.canvas.disc((cx, cy), r, pen.palette.accent, Print::Solid);
    let shade =
        if pen.palette.ground.luminance() > pen.palette.key.luminance() { pen.palette.key } else { pen.palette.ground };
    pen.canvas.disc(polar((cx, cy), turned, r * 0.2), r * 0.97, shade, Print::Solid);
    for _ in 0..26 {
        let point = (
            stage.area.x + stage.area.w * pen.seed.between(0.02, 0.98),
            stage.area.y + stage.area.h * pen.seed.between(0.02, 0.98),
        );
        if (point.0 - cx).hypot(point.1 - cy) > r * 1.6 {
            let size = unit * pen.seed.between(0.003, 0.009);
            let ink = if pen.seed.chance(20) { pen.palette.accent } else { pen.palette.key };
            pen.canvas.disc(point, size, ink, Print::Solid);
        }
    }
}

/// A low sun, and the land or water under it in bands.
pub(super) fn horizon(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let (cx, _) = stage.centre();
    let line = y + h * pen.seed.between(0.56, 0.64);
    let r = stage.area.unit() * pen.seed.between(0.28, 0.36);
    let sun = (cx + w * pen.seed.between(-0.06, 0.06), line - r * pen.seed.between(0.1, 0.5));
    pen.canvas.disc(sun, r, pen.palette.accent, Print::Solid);
    let bands = pen.seed.whole(5, 7);
    let mut top = line;
    let mut thick = (y + h - line) / bands as f32 * 0.42;
    for band in 0..=bands + 3 {
        let ink = if band % 2 == 0 { pen.palette.key } else { pen.palette.third };
        let points = [
            (x - 20.0, top + pen.seed.between(-7.0, 7.0)),
            (x + w * 0.3, top + pen.seed.between(-9.0, 9.0)),
            (x + w * 0.7, top + pen.seed.between(-9.0, 9.0)),
            (x + w + 20.0, top + pen.seed.between(-7.0, 7.0)),
            (x + w + 20.0, y + h + 20.0),
            (x - 20.0, y + h + 20.0),
        ];
        pen.canvas.polygon(&points, ink, Print::Solid);
        // The sun's road on the water, in pieces.
        if band % 2 == 0 && pen.seed.chance(85) {
            let half = r * (0.75 - 0.05 * band as f32) * pen.seed.between(0.6, 1.0);
            let mid = sun.0 + pen.seed.between(-0.12, 0.12) * r;
            let dash = thick * 0.3;
            let points = [
                (mid - half, top + thick * 0.45),
                (mid + half, top + thick * 0.4),
                (mid + half * 0.86, top + thick * 0.4 + dash),
                (mid - half * 0.9, top + thick * 0.45 + dash),
            ];
            pen.canvas.polygon(&points, pen.palette.accent, Print::Solid);
        }
        top += thick;
        thick *= 1.26;
    }
    if pen.seed.chance(55) {
        birds(pen, (sun.0 + r * 0.9, sun.1 - r * 0.7), r * 0.2);
    }
}

fn birds(pen: &mut Pen<'_>, (bx, by): Point, size: f32) {
    for (dx, dy, scale) in [(0.0, 0.0, 1.0), (1.5, -0.9, 0.7), (-1.1, -1.3, 0.55)] {
        let (px, py, s) = (bx + dx * size, by + dy * size, size * scale);
        let d = format!(
            "M{:.1} {:.1}Q{:.1} {:.1} {px:.1} {py:.1}Q{:.1} {:.1} {:.1} {:.1}",
            px - s,
            py - s * 0.35,
            px - s * 0.4,
            py - s * 0.6,
            px + s * 0.4,
            py - s * 0.6,
            px + s,
            py - s * 0.35
        );
        pen.canvas.stroke(&d, 5.0 * scale.max(0.7), pen.palette.key);
    }
}

/// Stems and paired leaves, one of them another colour.
pub(super) fn leaves(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let stems = if w > h { 7 } else { 4 };
    let odd = (stage.focus.0 * stems as f32) as i32;
    for stem in 0..stems {
        let foot = x + w * (stem as f32 + 0.5) / stems as f32 + pen.seed.between(-20.0, 20.0);
        let tip = y + h * pen.seed.between(0.06, 0.36);
        let lean = w * pen.seed.between(-0.04, 0.04);
        let ink = if stem == odd {
            pen.palette.accent
        } else if stem % 2 == 0 {
            pen.palette.key
        } else {
            pen.palette.third
        };
        pen.canvas.line((foot, y + h + 10.0), (foot + lean, tip), 7.0, ink);
        let pairs = pen.seed.whole(5, 7);
        let long = (w / stems as f32) * 0.62;
        for pair in 0..pairs {
            let share = (pair as f32 + 0.4) / pairs as f32;
            let (px, py) = (foot + lean * (1.0 - share), tip + (y + h - tip) * share);
            let size = long * (0.55 + 0.45 * (share * std::f32::consts::PI).sin());
            for side in [-1.0, 1.0] {
                leaf(pen, (px, py), side, size, ink);
            }
        }
        leaf_up(pen, (foot + lean, tip), long * 0.8, ink);
    }
}

fn leaf(pen: &mut Pen<'_>, (px, py): Point, side: f32, size: f32, ink: crate::posters::palette::Ink) {
    let (tip_x, tip_y) = (px + side * size, py - size * 0.62);
    let d = format!(
        "M{px:.1} {py:.1}C{:.1} {:.1} {:.1} {:.1} {tip_x:.1} {tip_y:.1}C{:.1} {:.1} {:.1} {:.1} {px:.1} {py:.1}Z",
        px + side * size * 0.15,
        py - size * 0.6,
        px + side * size * 0.6,
        py - size * 0.8,
        px + side * size * 0.95,
        py - size * 0.1,
        px + side * size * 0.5,
        py + size * 0.12,
    );
    pen.canvas.path(&d, ink, Print::Solid);
}

fn leaf_up(pen: &mut Pen<'_>, (px, py): Point, size: f32, ink: crate::posters::palette::Ink) {
    let d = format!(
        "M{px:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {px:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {px:.1} {:.1}Z",
        py + size * 0.3,
        px - size * 0.4,
        py,
        px - size * 0.3,
        py - size * 0.5,
        py - size * 0.75,
        px + size * 0.3,
        py - size * 0.5,
        px + size * 0.4,
        py,
        py + size * 0.3,
    );
    pen.canvas.path(&d, ink, Print::Solid);
}

/// A planet, its rings, its small company.
pub(super) fn orbits(pen: &mut Pen<'_>, stage: Stage) {
    let (cx, cy) = stage.centre();
    let unit = stage.area.unit();
    for _ in 0..40 {
        let point = (
            stage.area.x + stage.area.w * pen.seed.between(0.0, 1.0),
            stage.area.y + stage.area.h * pen.seed.between(0.0, 1.0),
        );
        let size = unit * pen.seed.between(0.002, 0.007);
        pen.canvas.disc(point, size, pen.palette.key, Print::Solid);
    }
    let degrees = pen.seed.between(-32.0, 32.0);
    let r = unit * pen.seed.between(0.19, 0.25);
    for ring in (1..=4).rev() {
        let reach = r * (1.25 + 0.42 * ring as f32);
        let ink = if ring == 2 { pen.palette.accent } else { pen.palette.third };
        pen.canvas.ellipse((cx, cy), (reach, reach * 0.36), degrees, ink, Some(unit * 0.009), Print::Solid);
    }
    pen.canvas.disc((cx, cy), r, pen.palette.accent, Print::Solid);
    let shadow = pen
        .palette
        .accent
        .mixed(if pen.palette.ground.luminance() < 0.3 { pen.palette.ground } else { pen.palette.key }, 0.62);
    pen.canvas.clipped_disc((cx, cy), r, |canvas| {
        canvas.disc((cx + r * 0.42, cy + r * 0.36), r * 1.02, shadow, Print::Solid);
    });
    // The near half of the inner rings passes in front.
    let turn = degrees.to_radians();
    for ring in [1, 3] {
        let reach = r * (1.25 + 0.42 * ring as f32);
        let along = |angle: f32| {
            let (ex, ey) = (angle.cos() * reach, angle.sin() * reach * 0.36);
            (cx + ex * turn.cos() - ey * turn.sin(), cy + ex * turn.sin() + ey * turn.cos())
        };
        let (from, to) = (along(0.0), along(std::f32::consts::PI));
        let d = format!(
            "M{:.1} {:.1}A{reach:.1} {:.1} {degrees:.1} 0 1 {:.1} {:.1}",
            from.0,
            from.1,
            reach * 0.36,
            to.0,
            to.1
        );
        pen.canvas.stroke(&d, unit * 0.009, pen.palette.third);
        let moon = along(pen.seed.between(0.5, 2.6));
        let size = unit * pen.seed.between(0.02, 0.045);
        pen.canvas.disc(moon, size, pen.palette.key, Print::Solid);
    }
}

/// Overlapping mountains under a high disc.
pub(super) fn peaks(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let (cx, _) = stage.centre();
    let unit = stage.area.unit();
    let sun = (cx + w * pen.seed.between(-0.2, 0.2), y + h * 0.27);
    pen.canvas.disc(sun, unit * 0.19, pen.palette.accent, Print::Solid);
    let count = if w > h { 5 } else { 3 };
    for at in 0..count {
        let near = at as f32 / (count - 1) as f32;
        let order = pen.seed.between(-0.08, 0.08);
        let spot = [0.2, 0.78, 0.48, 0.95, 0.05][at as usize];
        let peak_x = x + w * (spot + order);
        let peak_y = y + h * (0.3 + 0.2 * near + pen.seed.between(-0.04, 0.05));
        let half = w * pen.seed.between(0.38, 0.55) * if w > h { 0.55 } else { 1.0 };
        let ink = match at % 3 {
            0 => pen.palette.third,
            1 => pen.palette.key.mixed(pen.palette.third, 0.45),
            _ => pen.palette.key,
        };
        let foot = y + h + 30.0;
        let fall = (foot - peak_y) / half * 0.8;
        let lit = [
            (peak_x, peak_y),
            (peak_x + half * 1.2, peak_y + fall * half * 1.2),
            (peak_x - half * 1.2, peak_y + fall * half * 1.2),
        ];
        pen.canvas.polygon(&lit, ink, Print::Solid);
        // Snow on the side of the light, with a torn lower edge.
        let cap = half * 0.34;
        let snow = [
            (peak_x, peak_y),
            (peak_x + cap * 0.9, peak_y + fall * cap * 0.9),
            (peak_x + cap * 0.4, peak_y + fall * cap * 0.66),
            (peak_x + cap * 0.12, peak_y + fall * cap * 1.05),
            (peak_x - cap * 0.3, peak_y + fall * cap * 0.62),
            (peak_x - cap * 0.75, peak_y + fall * cap * 0.75),
        ];
        let light = if pen.palette.ground.luminance() > pen.palette.key.luminance() {
            pen.palette.ground
        } else {
            pen.palette.key
        };
        let snow_ink = if light.contrast(ink) > 1.8 { light } else { pen.palette.accent };
        pen.canvas.polygon(&snow, snow_ink, Print::Solid);
    }
}

/// One flower, seen from above.
pub(super) fn petals(pen: &mut Pen<'_>, stage: Stage) {
    let (cx, cy) = stage.centre();
    let unit = stage.area.unit();
    let count = *pen.seed.pick(&[7, 8, 9, 11]);
    let reach = unit * 0.27;
    let wide = unit * pen.seed.between(0.085, 0.12);
    let over = pen.over();
    for at in 0..count {
        let turned = at as f32 / count as f32;
        let middle = polar((cx, cy), turned, reach * 0.92);
        pen.canvas.ellipse(middle, (reach * 0.82, wide), turned * 360.0, pen.palette.accent, None, over);
    }
    for at in 0..count {
        let turned = (at as f32 + 0.5) / count as f32;
        let middle = polar((cx, cy), turned, reach * 0.52);
        pen.canvas.ellipse(middle, (reach * 0.5, wide * 0.62), turned * 360.0, pen.palette.third, None, over);
    }
    pen.canvas.disc((cx, cy), unit * 0.075, pen.palette.key, Print::Solid);
    for at in 0..count * 2 {
        let turned = at as f32 / (count * 2) as f32;
        pen.canvas.disc(polar((cx, cy), turned, unit * 0.105), unit * 0.008, pen.palette.key, Print::Solid);
    }
}

/// Rows of swell, and something small on them.
pub(super) fn waves(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let (cx, _) = stage.centre();
    let unit = stage.area.unit();
    let sky = y + h * pen.seed.between(0.36, 0.44);
    let r = unit * pen.seed.between(0.13, 0.2);
    pen.canvas.disc((cx + w * pen.seed.between(-0.22, 0.22), sky - r * 1.15), r, pen.palette.accent, Print::Solid);
    let rows = 8;
    let long = unit * pen.seed.between(0.30, 0.42);
    let boat_row = pen.seed.whole(1, 2);
    for row in 0..rows {
        let near = row as f32 / rows as f32;
        let top = sky + (y + h - sky) * near.powf(1.15);
        let length = long * (0.55 + near);
        let height = length * 0.17;
        let shift = pen.seed.between(0.0, 1.0) * length;
        if row == boat_row {
            let spot = (cx + w * pen.seed.between(-0.1, 0.1), top + height * 0.2);
            boat(pen, spot, unit * 0.17);
        }
        let ink = match row % 3 {
            0 => pen.palette.key,
            1 => pen.palette.third,
            _ => pen.palette.key.mixed(pen.palette.third, 0.5),
        };
        let mut d = format!("M{:.1} {:.1}", x - length - shift, y + h + 20.0);
        let mut px = x - length - shift;
        let _ = write!(d, "L{px:.1} {top:.1}");
        while px < x + w + length {
            let _ = write!(
                d,
                "Q{:.1} {:.1} {:.1} {:.1}T{:.1} {top:.1}",
                px + length * 0.25,
                top - height * 1.6,
                px + length * 0.5,
                top,
                px + length
            );
            px += length;
        }
        let _ = write!(d, "L{px:.1} {:.1}Z", y + h + 20.0);
        pen.canvas.path(&d, ink, Print::Solid);
    }
}

fn boat(pen: &mut Pen<'_>, (px, py): Point, size: f32) {
    let hull = [
        (px - size * 0.6, py - size * 0.16),
        (px + size * 0.62, py - size * 0.16),
        (px + size * 0.4, py + size * 0.14),
        (px - size * 0.4, py + size * 0.14),
    ];
    let sail = [(px, py - size * 1.25), (px + size * 0.52, py - size * 0.24), (px, py - size * 0.24)];
    let jib = [
        (px - size * 0.07, py - size * 1.0),
        (px - size * 0.07, py - size * 0.24),
        (px - size * 0.44, py - size * 0.24),
    ];
    pen.canvas.polygon(&hull, pen.palette.accent, Print::Solid);
    pen.canvas.polygon(&sail, pen.palette.key, Print::Solid);
    pen.canvas.polygon(&jib, pen.palette.accent, Print::Solid);
}
