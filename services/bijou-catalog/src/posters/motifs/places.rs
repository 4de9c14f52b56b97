//! Pictures of where things happen.

use super::{Pen, Stage};
use crate::posters::canvas::{Area, Point, Print, polar};
use crate::posters::palette::Ink;

/// The ink that reads as lamp light against another.
fn light(pen: &Pen<'_>, against: Ink) -> Ink {
    let inks = [pen.palette.accent, pen.palette.ground, pen.palette.third];
    inks.into_iter().find(|ink| ink.contrast(against) > 2.2).unwrap_or(pen.palette.accent)
}

/// Two rows of houses at night, some awake.
pub(super) fn city(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let (cx, _) = stage.centre();
    let unit = stage.area.unit();
    let moon = unit * pen.seed.between(0.15, 0.22);
    pen.canvas.disc((cx + w * pen.seed.between(-0.24, 0.24), y + h * 0.24), moon, pen.palette.accent, Print::Solid);
    for row in 0..2 {
        let ink = if row == 0 { pen.palette.third } else { pen.palette.key };
        let lit = light(pen, ink);
        let mut left = x - 20.0;
        while left < x + w + 20.0 {
            let wide = unit * if row == 0 { pen.seed.between(0.1, 0.2) } else { pen.seed.between(0.13, 0.24) };
            let top = y + h * if row == 0 { pen.seed.between(0.22, 0.52) } else { pen.seed.between(0.42, 0.76) };
            let slant = pen.seed.between(-0.05, 0.05) * unit;
            let points =
                [(left, top), (left + wide, top + slant * 0.6), (left + wide, y + h + 20.0), (left, y + h + 20.0)];
            pen.canvas.cut(&points, 3.0, ink, Print::Solid, &mut pen.seed);
            if pen.seed.chance(30) {
                let mast = left + wide * pen.seed.between(0.3, 0.7);
                pen.canvas.line((mast, top + slant * 0.5), (mast, top - unit * pen.seed.between(0.05, 0.13)), 5.0, ink);
            }
            if row == 1 {
                let pane = unit * 0.022;
                let columns = (wide / (pane * 2.1)) as i32;
                let mut pane_y = top + pane * 2.4 + slant.abs();
                while pane_y < y + h - pane {
                    for column in 0..columns {
                        if pen.seed.chance(21) {
                            let pane_x = left + (column as f32 + 0.6) * wide / (columns as f32 + 0.4);
                            pen.canvas.rect(Area::new(pane_x, pane_y, pane, pane * 1.45), lit);
                        }
                    }
                    pane_y += pane * 2.7;
                }
            }
            left += wide + unit * pen.seed.between(0.0, 0.012);
        }
    }
}

/// A house on a hill, a bare tree, one window.
pub(super) fn house(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let (cx, _) = stage.centre();
    let unit = stage.area.unit();
    let moon = (cx + unit * pen.seed.between(-0.18, 0.18), y + h * 0.34);
    pen.canvas.disc(moon, unit * 0.33, pen.palette.accent, Print::Solid);
    let ink = pen.palette.key;
    let hill = y + h * 0.78;
    let d = format!(
        "M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}Z",
        x - 10.0,
        y + h * 0.95,
        x + w * 0.2,
        hill + h * 0.08,
        cx,
        hill,
        x + w * 0.8,
        hill + h * 0.0,
        x + w + 10.0,
        y + h * 0.92,
        x + w + 10.0,
        y + h + 20.0,
        x - 10.0,
        y + h + 20.0
    );
    let s = unit * 0.17;
    let foot = hill + unit * 0.03;
    let at = |px: f32, py: f32| (cx + px * s, foot + py * s);
    let outline = [
        at(-1.1, 0.3),
        at(-1.1, -1.3),
        at(-1.3, -1.3),
        at(-0.62, -2.15),
        at(-0.4, -1.9),
        at(-0.4, -2.5),
        at(-0.55, -2.5),
        at(-0.02, -3.5),
        at(0.5, -2.5),
        at(0.36, -2.5),
        at(0.36, -1.75),
        at(0.62, -1.75),
        at(0.62, -2.2),
        at(0.82, -2.2),
        at(0.82, -1.6),
        at(1.3, -1.15),
        at(1.1, -1.15),
        at(1.1, 0.3),
    ];
    pen.canvas.polygon(&outline, ink, Print::Solid);
    pen.canvas.path(&d, ink, Print::Solid);
    let lit = light(pen, ink);
    let window = pen.seed.whole(0, 2);
    for (number, (px, py)) in [(-0.12, -2.2), (-0.75, -0.9), (0.62, -0.9)].into_iter().enumerate() {
        if number as i32 == window || pen.seed.chance(30) {
            let (wx, wy) = at(px, py);
            pen.canvas.rect(Area::new(wx, wy, s * 0.26, s * 0.5), lit);
            pen.canvas.line((wx + s * 0.13, wy), (wx + s * 0.13, wy + s * 0.5), s * 0.04, ink);
            pen.canvas.line((wx, wy + s * 0.22), (wx + s * 0.26, wy + s * 0.22), s * 0.04, ink);
        }
    }
    let side = if pen.seed.chance(50) { -1.0 } else { 1.0 };
    branch(pen, (cx + side * unit * 0.37, hill + unit * 0.1), -0.25 + side * 0.008, unit * 0.2, unit * 0.022, 5, ink);
}

/// A bare tree, by halves.
fn branch(pen: &mut Pen<'_>, from: Point, turned: f32, long: f32, thick: f32, depth: u32, ink: Ink) {
    let to = polar(from, turned, long);
    pen.canvas.line(from, to, thick.max(2.0), ink);
    if depth == 0 {
        return;
    }
    for spread in [pen.seed.between(-0.12, -0.05), pen.seed.between(0.05, 0.12)] {
        let shorter = long * pen.seed.between(0.62, 0.8);
        branch(pen, to, turned + spread, shorter, thick * 0.62, depth - 1, ink);
    }
}

/// Rails to a low sun.
pub(super) fn rails(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let (cx, _) = stage.centre();
    let unit = stage.area.unit();
    let line = y + h * pen.seed.between(0.36, 0.44);
    let vanish = (cx + unit * pen.seed.between(-0.1, 0.1), line);
    let r = unit * pen.seed.between(0.2, 0.28);
    pen.canvas.disc((vanish.0, line - r * 0.25), r, pen.palette.accent, Print::Solid);
    pen.canvas.rect(Area::new(x, line, w, h), pen.palette.third);
    let foot = y + h + 20.0;
    let spread = unit * 0.62;
    let track = |share: f32, depth: f32| (vanish.0 + share * spread * depth, line + (foot - line) * depth);
    let bed = [vanish, track(1.25, 1.0), track(-1.25, 1.0)];
    let ink = pen.palette.key;
    let bed_ink = if pen.palette.ground.contrast(ink) > 2.5 { pen.palette.ground } else { pen.palette.accent };
    pen.canvas.polygon(&bed, bed_ink, Print::Solid);
    let mut depth: f32 = 0.02;
    while depth < 1.0 {
        let thick = depth * 0.055;
        let sleeper =
            [track(-0.92, depth), track(0.92, depth), track(0.92, depth + thick), track(-0.92, depth + thick)];
        pen.canvas.polygon(&sleeper, ink, Print::Solid);
        depth *= 1.27;
    }
    for side in [-1.0, 1.0] {
        let rail = [vanish, track(side * 0.64, 1.0), track(side * 0.53, 1.0)];
        pen.canvas.polygon(&rail, ink, Print::Solid);
    }
    // Poles beside the line, on one side.
    let side = if pen.seed.chance(50) { -1.0 } else { 1.0 };
    for depth in [0.06_f32, 0.13, 0.28, 0.6] {
        let (px, py) = track(side * 2.0, depth);
        let tall = h * 0.62 * depth;
        pen.canvas.line((px, py), (px, py - tall), (14.0 * depth).max(2.5), ink);
        let arm = tall * 0.16;
        pen.canvas.line((px - arm, py - tall * 0.92), (px + arm, py - tall * 0.92), (9.0 * depth).max(2.0), ink);
    }
}

/// A flight of stairs, somebody small, a long shadow.
pub(super) fn stairs(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let unit = stage.area.unit();
    let up = if pen.seed.chance(50) { 1.0 } else { -1.0 };
    let steps = if w > h { 11 } else { 8 };
    let (run, rise) = (w / steps as f32, h * 0.72 / steps as f32);
    let from_left = |at: f32| if up > 0.0 { x + at } else { x + w - at };
    let sun = (from_left(w * 0.7), y + h * 0.26);
    let mut under: Vec<Point> = vec![(from_left(-20.0), y + h + 20.0)];
    let mut tread = Vec::new();
    for step in 0..steps {
        let top = y + h * 0.96 - rise * step as f32;
        let (left, right) = (from_left(run * step as f32), from_left(run * (step as f32 + 1.0)));
        under.push((left, top));
        under.push((right, top));
        tread.push((f32::midpoint(left, right), top));
    }
    under.push((from_left(w + 20.0), y + h * 0.96 - rise * (steps as f32 - 1.0)));
    under.push((from_left(w + 20.0), y + h + 20.0));
    pen.canvas.disc(sun, unit * 0.23, pen.palette.accent, Print::Solid);
    pen.canvas.polygon(&under, pen.palette.key, Print::Solid);
    // Risers in the second ink: the light comes from one side.
    for step in 0..steps {
        let top = y + h * 0.96 - rise * step as f32;
        let left = from_left(run * step as f32);
        let far = from_left(run * step as f32 + run * 0.34);
        let points = [(left, top), (far, top), (far, y + h + 20.0), (left, y + h + 20.0)];
        pen.canvas.polygon(&points, pen.palette.third, Print::Solid);
    }
    let spot = tread[(steps as f32 * pen.seed.between(0.4, 0.62)) as usize];
    figure(pen, (spot.0, spot.1), unit * 0.2, pen.palette.accent);
}

/// Somebody, seen from afar: coat, head, hat.
pub(super) fn figure(pen: &mut Pen<'_>, (px, py): Point, tall: f32, ink: Ink) {
    let at = |dx: f32, dy: f32| (px + dx * tall, py + dy * tall);
    let coat = [
        at(-0.15, 0.0),
        at(-0.03, 0.0),
        at(0.0, -0.2),
        at(0.03, 0.0),
        at(0.15, 0.0),
        at(0.13, -0.45),
        at(0.17, -0.7),
        at(0.09, -0.77),
        at(-0.09, -0.77),
        at(-0.17, -0.7),
        at(-0.13, -0.45),
    ];
    pen.canvas.polygon(&coat, ink, Print::Solid);
    pen.canvas.disc(at(0.0, -0.85), tall * 0.075, ink, Print::Solid);
    let brim = [at(-0.14, -0.88), at(0.14, -0.885), at(0.13, -0.91), at(-0.13, -0.905)];
    pen.canvas.polygon(&brim, ink, Print::Solid);
    let crown = [at(-0.08, -0.9), at(0.08, -0.9), at(0.065, -1.0), at(0.0, -0.985), at(-0.065, -1.0)];
    pen.canvas.polygon(&crown, ink, Print::Solid);
}

/// A lamp, its cone of light, and who stands in it.
pub(super) fn streetlight(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let (cx, _) = stage.centre();
    let unit = stage.area.unit();
    let dark =
        if pen.palette.ground.luminance() < pen.palette.key.luminance() { pen.palette.ground } else { pen.palette.key };
    let bright = pen.palette.accent;
    let lamp = (cx - unit * 0.05, y + h * 0.13);
    let street = y + h * 0.86;
    pen.canvas.rect(stage.area, dark);
    let cone = [
        (lamp.0 - unit * 0.035, lamp.1),
        (lamp.0 + unit * 0.035, lamp.1),
        (lamp.0 + unit * 0.42, street),
        (lamp.0 - unit * 0.42, street),
    ];
    pen.canvas.polygon(&cone, bright, Print::Solid);
    pen.canvas.ellipse((lamp.0, street), (unit * 0.42, unit * 0.07), 0.0, bright, None, Print::Solid);
    let stand = (cx + unit * pen.seed.between(-0.12, 0.06), street + unit * 0.015);
    // The shadow falls away from the lamp, longer than the man.
    let away = if stand.0 < lamp.0 { -1.0 } else { 1.0 };
    let shadow = [
        (stand.0 - unit * 0.06, stand.1),
        (stand.0 + unit * 0.06, stand.1),
        (stand.0 + away * unit * 0.5 + unit * 0.1, y + h + 30.0),
        (stand.0 + away * unit * 0.5 - unit * 0.1, y + h + 30.0),
    ];
    let ground = pen.palette.third.mixed(dark, 0.55);
    pen.canvas.rect(Area::new(x, street + unit * 0.068, w, h), ground);
    pen.canvas.ellipse((lamp.0, street + unit * 0.02), (unit * 0.42, unit * 0.07), 0.0, bright, None, Print::Solid);
    pen.canvas.polygon(&shadow, dark, Print::Solid);
    figure(pen, stand, unit * 0.44, dark);
    let post = lamp.0 + unit * 0.34;
    let iron = if ground.contrast(dark) > 1.35 { dark } else { pen.palette.third };
    let iron_up = pen.palette.third;
    pen.canvas.line((post, street + unit * 0.05), (post, lamp.1 - unit * 0.06), unit * 0.016, iron_up);
    let d = format!(
        "M{post:.1} {:.1}Q{post:.1} {:.1} {:.1} {:.1}",
        lamp.1 - unit * 0.05,
        lamp.1 - unit * 0.11,
        lamp.0,
        lamp.1 - unit * 0.045
    );
    pen.canvas.stroke(&d, unit * 0.014, iron_up);
    let shade = [
        (lamp.0 - unit * 0.07, lamp.1 + unit * 0.004),
        (lamp.0 + unit * 0.07, lamp.1 + unit * 0.004),
        (lamp.0 + unit * 0.03, lamp.1 - unit * 0.055),
        (lamp.0 - unit * 0.03, lamp.1 - unit * 0.055),
    ];
    pen.canvas.polygon(&shade, iron_up, Print::Solid);
    let _ = iron;
}

/// A wall of windows; behind one, somebody.
pub(super) fn windows(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let wall =
        if pen.palette.ground.luminance() < pen.palette.key.luminance() { pen.palette.ground } else { pen.palette.key };
    pen.canvas.rect(stage.area, wall);
    let columns = if w > h { 7 } else { 4 };
    let cell = w / columns as f32;
    let rows = ((h / (cell * 1.25)).floor() as i32).max(2);
    let tall = h / rows as f32;
    let home = ((columns as f32 * stage.focus.0) as i32, pen.seed.whole(1, (rows - 2).max(1)));
    for row in 0..rows {
        for column in 0..columns {
            let pane =
                Area::new(x + cell * (column as f32 + 0.2), y + tall * (row as f32 + 0.17), cell * 0.6, tall * 0.66);
            let is_home = (column, row) == home;
            let ink = if is_home {
                pen.palette.accent
            } else if pen.seed.chance(16) {
                pen.palette.third
            } else {
                pen.palette.third.mixed(wall, 0.72)
            };
            pen.canvas.rect(pane, ink);
            if is_home {
                let stand = (pane.x + pane.w * 0.56, pane.bottom() + tall * 0.06);
                let size = pane.h * 0.86;
                pen.canvas.clipped(pane, |canvas| {
                    let mut inner = Pen { canvas, palette: pen.palette, seed: pen.seed.clone() };
                    figure(&mut inner, stand, size, wall);
                });
            } else if pen.seed.chance(34) {
                let blind = pane.h * pen.seed.between(0.2, 0.62);
                let shade = pen.palette.third.mixed(wall, 0.45);
                pen.canvas.rect(Area { h: blind, ..pane }, shade);
            }
            let (mid_x, mid_y) = (pane.x + pane.w / 2.0, pane.y + pane.h * 0.42);
            pen.canvas.line((mid_x, pane.y), (mid_x, pane.bottom()), cell * 0.028, wall);
            pen.canvas.line((pane.x, mid_y), (pane.right(), mid_y), cell * 0.028, wall);
            pen.canvas.rect(
                Area::new(pane.x - cell * 0.05, pane.bottom(), pane.w + cell * 0.1, tall * 0.03),
                pen.palette.third.mixed(wall, 0.5),
            );
        }
    }
}
