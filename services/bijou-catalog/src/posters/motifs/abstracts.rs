//! Pictures of nothing but shapes.

use super::{Pen, Stage};
use crate::posters::canvas::{Area, Point, Print, polar};

/// Cut bars coming in from the edges, one of them in colour: somebody is being closed in on.
pub(super) fn bars(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let count = if w > h { 13 } else { 8 };
    let marked = (stage.focus.0 * count as f32) as i32 + pen.seed.whole(-1, 0);
    let step = w / count as f32;
    for at in 0..count {
        let left = x + step * (at as f32 + pen.seed.between(0.08, 0.2));
        let right = x + step * (at as f32 + pen.seed.between(0.78, 0.96));
        let is_marked = at == marked;
        let from_top = at % 2 == 0;
        let reach = if is_marked { 0.78 } else { pen.seed.between(0.34, 0.7) };
        let lean = step * pen.seed.between(-0.35, 0.35);
        let ink = if is_marked {
            pen.palette.accent
        } else if pen.seed.chance(22) {
            pen.palette.third
        } else {
            pen.palette.key
        };
        let points = if from_top {
            [(left, y - 20.0), (right, y - 20.0), (right + lean, y + h * reach), (left + lean, y + h * (reach - 0.03))]
        } else {
            let top = y + h * (1.0 - reach);
            [(left + lean, top), (right + lean, top + h * 0.025), (right, y + h + 20.0), (left, y + h + 20.0)]
        };
        pen.canvas.cut(&points, 5.0, ink, Print::Solid, &mut pen.seed);
    }
}

/// A field of cells, each row grown from the one above by a rule of three neighbours.
pub(super) fn cells(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let columns = if w > h { 48 } else { 27 };
    let size = w / columns as f32;
    let rows = (h / size).ceil() as usize;
    let rule: u8 = *pen.seed.pick(&[90, 110, 150, 22, 126]);
    // Wider than the paper, so that the edges do not show.
    let margin = rows;
    let width = columns as usize + 2 * margin;
    let mut row = vec![false; width];
    row[margin + (columns as f32 * stage.focus.0) as usize] = true;
    for line in 0..rows {
        for (at, _) in row.iter().enumerate().skip(margin).take(columns as usize).filter(|(_, cell)| **cell) {
            let (left, top) = (x + (at - margin) as f32 * size, y + line as f32 * size);
            let ink = match (at * 7 + line * 3) % 17 {
                0 => pen.palette.accent,
                1 | 2 => pen.palette.third,
                _ => pen.palette.key,
            };
            let inset = size * 0.06;
            let triangle = [
                (left + inset, top + size - inset),
                (left + size / 2.0, top + inset),
                (left + size - inset, top + size - inset),
            ];
            pen.canvas.polygon(&triangle, ink, Print::Solid);
        }
        let next = (0..width).map(|at| {
            let cell = |offset: usize| u8::from(row[(at + width + offset - 1) % width]);
            rule >> (cell(0) << 2 | cell(1) << 1 | cell(2)) & 1 == 1
        });
        row = next.collect();
    }
}

/// Broad angles marching one way.
pub(super) fn chevrons(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let (cx, _) = stage.centre();
    let count = pen.seed.whole(5, 7);
    let step = h / (count as f32 - 1.0);
    let rise = w.min(h) * pen.seed.between(0.32, 0.5);
    let thick = step * 0.58;
    let marked = pen.seed.whole(1, count - 2);
    for at in 0..=count {
        let top = y + step * at as f32 - rise * 0.55;
        let ink = if at == marked {
            pen.palette.accent
        } else if at % 2 == 0 {
            pen.palette.key
        } else {
            pen.palette.third
        };
        let points = [
            (x - 20.0, top + rise),
            (cx, top),
            (x + w + 20.0, top + rise),
            (x + w + 20.0, top + rise + thick),
            (cx, top + thick),
            (x - 20.0, top + rise + thick),
        ];
        pen.canvas.cut(&points, 4.0, ink, Print::Solid, &mut pen.seed);
    }
}

/// A checkered floor running to a low sun, and somebody's piece on it.
pub(super) fn checker(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let (cx, _) = stage.centre();
    let horizon = y + h * 0.46;
    let radius = stage.area.unit() * 0.3;
    pen.canvas.disc((cx, horizon), radius, pen.palette.accent, Print::Solid);
    pen.canvas.rect(Area::new(x, horizon, w, h), pen.palette.third);
    let rows: i32 = 7;
    let depth = |row: f32| horizon + (y + h - horizon) * (row / rows as f32).powf(1.9);
    let half: i32 = 9;
    let spread = w * 0.30;
    let column = |at: i32, row: f32| cx + at as f32 * spread * (0.10 + (row / rows as f32).powf(1.9) * 1.5);
    for row in 0..rows {
        for at in -half..half {
            if (at + row).rem_euclid(2) == 0 {
                let (near, far) = (row as f32 + 1.0, row as f32);
                let points = [
                    (column(at, far), depth(far)),
                    (column(at + 1, far), depth(far)),
                    (column(at + 1, near), depth(near)),
                    (column(at, near), depth(near)),
                ];
                pen.canvas.polygon(&points, pen.palette.key, Print::Solid);
            }
        }
    }
    // On its own ground colour, so that it stands out from the squares.
    let foot = (cx + w * pen.seed.between(-0.12, 0.12), y + h * 0.86);
    piece(pen, foot, stage.area.unit() * 0.46);
}

/// A turned chess piece standing on `foot`.
fn piece(pen: &mut Pen<'_>, (px, py): Point, tall: f32) {
    let ink = pen.palette.ground;
    let edge = pen.palette.accent;
    let body = |grow: f32| {
        [
            (px - tall * 0.24 - grow, py + grow),
            (px - tall * 0.20 - grow, py - tall * 0.12),
            (px - tall * 0.09 - grow, py - tall * 0.30),
            (px - tall * 0.075 - grow, py - tall * 0.58),
            (px + tall * 0.075 + grow, py - tall * 0.58),
            (px + tall * 0.09 + grow, py - tall * 0.30),
            (px + tall * 0.20 + grow, py - tall * 0.12),
            (px + tall * 0.24 + grow, py + grow),
        ]
    };
    let head = (px, py - tall * 0.74);
    pen.canvas.polygon(&body(tall * 0.03), edge, Print::Solid);
    pen.canvas.disc(head, tall * 0.21, edge, Print::Solid);
    pen.canvas.polygon(&body(0.0), ink, Print::Solid);
    pen.canvas.disc(head, tall * 0.18, ink, Print::Solid);
    pen.canvas.rect(Area::new(px - tall * 0.16, py - tall * 0.6, tall * 0.32, tall * 0.05), ink);
}

/// Two discs, and the ink they make together.
pub(super) fn discs(pen: &mut Pen<'_>, stage: Stage) {
    let (cx, cy) = stage.centre();
    let unit = stage.area.unit();
    let r = unit * pen.seed.between(0.29, 0.34);
    let apart = r * pen.seed.between(0.55, 0.8);
    let turns = *pen.seed.pick(&[0.0, 0.08, -0.08, 0.25, 0.125]);
    let (one, two) = (polar((cx, cy), turns, apart), polar((cx, cy), turns + 0.5, apart));
    pen.canvas.disc(one, r, pen.palette.accent, Print::Solid);
    let other = if pen.palette.third.contrast(pen.palette.ground) > 1.5 { pen.palette.third } else { pen.palette.key };
    pen.canvas.disc(two, r, other, pen.over());
    if pen.over() == Print::Solid {
        // Dark paper: the shared part is cut out of a mixed sheet.
        let shared = pen.palette.accent.mixed(pen.palette.key, 0.45);
        let (canvas, palette) = (&mut *pen.canvas, pen.palette);
        canvas.clipped_disc(one, r, |canvas| canvas.disc(two, r, shared, Print::Solid));
        let _ = palette;
    }
    // A thread between them.
    let thread = pen.palette.key;
    pen.canvas.line(polar(one, turns, r * 1.35), polar(two, turns + 0.5, r * 1.35), 5.0, thread);
    pen.canvas.disc(one, r * 0.07, thread, Print::Solid);
    pen.canvas.disc(two, r * 0.07, thread, Print::Solid);
}

/// Rays from behind something, alternating.
pub(super) fn rays(pen: &mut Pen<'_>, stage: Stage) {
    let (cx, cy) = stage.area.at(stage.focus.0, *pen.seed.pick(&[0.62, 0.5, 0.72]));
    let reach = stage.area.w + stage.area.h;
    let count = *pen.seed.pick(&[14, 18, 22]);
    let turned = pen.seed.between(0.0, 0.06);
    for at in 0..count {
        let from = at as f32 / count as f32 + turned + pen.seed.between(-0.004, 0.004);
        let to = from + 0.5 / count as f32 + pen.seed.between(-0.004, 0.004);
        let ink = if at % 2 == 0 { pen.palette.third } else { pen.palette.accent };
        pen.canvas.polygon(&[(cx, cy), polar((cx, cy), from, reach), polar((cx, cy), to, reach)], ink, Print::Solid);
    }
    let unit = stage.area.unit();
    let r = unit * pen.seed.between(0.2, 0.27);
    pen.canvas.disc((cx, cy), r * 1.22, pen.palette.ground, Print::Solid);
    pen.canvas.disc((cx, cy), r, pen.palette.key, Print::Solid);
    if pen.seed.chance(60) {
        for at in 0..12 {
            let turned = at as f32 / 12.0;
            pen.canvas.line(
                polar((cx, cy), turned, r * 0.3),
                polar((cx, cy), turned, r * 0.72),
                r * 0.09,
                pen.palette.accent,
            );
        }
        pen.canvas.disc((cx, cy), r * 0.2, pen.palette.accent, Print::Solid);
    } else {
        pen.canvas.disc((cx, cy), r * 0.45, pen.palette.accent, Print::Solid);
    }
}

/// A jagged tear from top to bottom, and splinters beside it.
pub(super) fn shards(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let (cx, _) = stage.centre();
    let teeth = 7;
    let swing = stage.area.unit() * 0.17;
    let mut tear: Vec<Point> = Vec::new();
    for at in 0..=teeth {
        let side = if at % 2 == 0 { -1.0 } else { 1.0 };
        let off = side * swing * pen.seed.between(0.45, 1.0);
        tear.push((cx + off, y - 30.0 + (h + 60.0) * at as f32 / teeth as f32));
    }
    let mut right: Vec<Point> = tear.clone();
    right.push((x + w + 30.0, y + h + 30.0));
    right.push((x + w + 30.0, y - 30.0));
    pen.canvas.polygon(&right, pen.palette.key, Print::Solid);
    // The wound itself: the tear, as a band that narrows downward.
    let mut band = tear.clone();
    for (at, point) in tear.iter().enumerate().rev() {
        let wide = swing * (0.95 - 0.1 * at as f32) * if at % 2 == 0 { 1.0 } else { 0.35 };
        band.push((point.0 + wide, point.1 + swing * 0.25));
    }
    pen.canvas.polygon(&band, pen.palette.accent, Print::Solid);
    for _ in 0..7 {
        let (px, py) = (cx + w * pen.seed.between(-0.42, -0.14), y + h * pen.seed.between(0.06, 0.92));
        let size = stage.area.unit() * pen.seed.between(0.04, 0.12);
        let turned = pen.seed.between(0.0, 1.0);
        let splinter = [
            polar((px, py), turned, size),
            polar((px, py), turned + 0.42, size * 0.5),
            polar((px, py), turned + 0.55, size * 0.62),
        ];
        let ink = *pen.seed.pick(&[pen.palette.key, pen.palette.third, pen.palette.accent]);
        pen.canvas.polygon(&splinter, ink, Print::Solid);
    }
}

/// Fine turning lines that pull the eye into a disc.
pub(super) fn spiral(pen: &mut Pen<'_>, stage: Stage) {
    let (cx, cy) = stage.centre();
    let unit = stage.area.unit();
    let reach = unit * 0.47;
    let count = pen.seed.whole(26, 34);
    let flat = pen.seed.between(0.30, 0.46);
    for at in 0..count {
        let degrees = at as f32 * 180.0 / count as f32 + pen.seed.between(-0.4, 0.4);
        let ink = if at % 9 == 4 { pen.palette.accent } else { pen.palette.key };
        pen.canvas.ellipse((cx, cy), (reach, reach * flat), degrees, ink, Some(unit * 0.0052), Print::Solid);
    }
    pen.canvas.disc((cx, cy), reach * flat * 0.62, pen.palette.accent, Print::Solid);
    pen.canvas.disc((cx, cy), reach * flat * 0.3, pen.palette.key, Print::Solid);
}

/// Squares of a kit: quarters, halves, discs, leaves.
pub(super) fn tiles(pen: &mut Pen<'_>, stage: Stage) {
    let Area { x, y, w, h } = stage.area;
    let columns = if w > h { 8 } else { *pen.seed.pick(&[4, 5]) };
    let size = w / columns as f32;
    let rows = (h / size).ceil() as i32;
    for row in 0..rows {
        for column in 0..columns {
            let tile = Area::new(x + column as f32 * size, y + row as f32 * size, size, size);
            let inks = [pen.palette.key, pen.palette.accent, pen.palette.third, pen.palette.ground];
            let back = inks[pen.seed.whole(0, 3) as usize];
            let mut front = inks[pen.seed.whole(0, 3) as usize];
            if front == back {
                front = if back == pen.palette.ground { pen.palette.key } else { pen.palette.ground };
            }
            pen.canvas.rect(Area { w: size + 0.7, h: size + 0.7, ..tile }, back);
            tile_shape(pen, tile, front);
        }
    }
}

fn tile_shape(pen: &mut Pen<'_>, tile: Area, ink: crate::posters::palette::Ink) {
    let Area { x, y, w: s, .. } = tile;
    let corners = [(x, y), (x + s, y), (x + s, y + s), (x, y + s)];
    let corner = pen.seed.whole(0, 3) as usize;
    let (from, next, opposite, last) =
        (corners[corner], corners[(corner + 1) % 4], corners[(corner + 2) % 4], corners[(corner + 3) % 4]);
    match pen.seed.whole(0, 6) {
        // A quarter of a disc.
        0 | 1 => {
            let d = format!(
                "M{:.1} {:.1}L{:.1} {:.1}A{s:.1} {s:.1} 0 0 1 {:.1} {:.1}Z",
                from.0, from.1, next.0, next.1, last.0, last.1
            );
            pen.canvas.path(&d, ink, Print::Solid);
        }
        // A leaf.
        2 | 3 => {
            let d = format!(
                "M{:.1} {:.1}A{s:.1} {s:.1} 0 0 1 {:.1} {:.1}A{s:.1} {s:.1} 0 0 1 {:.1} {:.1}Z",
                from.0, from.1, opposite.0, opposite.1, from.0, from.1
            );
            pen.canvas.path(&d, ink, Print::Solid);
        }
        4 => pen.canvas.polygon(&[from, next, last], ink, Print::Solid),
        5 => pen.canvas.disc((x + s / 2.0, y + s / 2.0), s * 0.32, ink, Print::Solid),
        _ => {
            let r = s / 2.0;
            let d = format!("M{:.1} {:.1}A{r:.1} {r:.1} 0 0 1 {:.1} {:.1}Z", from.0, from.1, next.0, next.1);
            pen.canvas.path(&d, ink, Print::Solid);
            let d = format!("M{:.1} {:.1}A{r:.1} {r:.1} 0 0 1 {:.1} {:.1}Z", opposite.0, opposite.1, last.0, last.1);
            pen.canvas.path(&d, ink, Print::Solid);
        }
    }
}

/// Frames within frames, each turned a little more.
pub(super) fn tunnel(pen: &mut Pen<'_>, stage: Stage) {
    let (cx, cy) = stage.centre();
    let sides = *pen.seed.pick(&[4, 4, 6, 3]);
    let turn = pen.seed.between(0.008, 0.02);
    let mut r = (stage.area.w + stage.area.h) * 0.62;
    let mut turned = 0.125;
    let inks = [pen.palette.key, pen.palette.ground, pen.palette.third, pen.palette.ground];
    let mut at = 0;
    while r > stage.area.unit() * 0.055 {
        let points: Vec<Point> =
            (0..sides).map(|side| polar((cx, cy), side as f32 / sides as f32 + turned, r)).collect();
        pen.canvas.polygon(&points, inks[at % inks.len()], Print::Solid);
        r *= 0.815;
        turned += turn;
        at += 1;
    }
    pen.canvas.disc((cx, cy), stage.area.unit() * 0.052, pen.palette.accent, Print::Solid);
}
