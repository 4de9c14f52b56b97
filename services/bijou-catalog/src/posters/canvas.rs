//! Scissors and paste: SVG written shape by shape, with the small irregularities of paper cut by hand.

use std::fmt::Write as _;

use super::palette::Ink;
use super::seed::Seed;

/// A rectangle in poster units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

impl Area {
    pub const fn new(x: f32, y: f32, w: f32, h: f32) -> Self {
        Self { x, y, w, h }
    }

    /// A point by shares of width and height.
    pub fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + self.w * x, self.y + self.h * y)
    }

    /// The shorter side: what sizes are measured in, so that a picture fits both formats.
    pub fn unit(&self) -> f32 {
        self.w.min(self.h)
    }

    pub fn right(&self) -> f32 {
        self.x + self.w
    }

    pub fn bottom(&self) -> f32 {
        self.y + self.h
    }
}

/// How a shape is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Print {
    /// Covers what is under it.
    Solid,
    /// Over what is under it, both showing: two inks make a third.
    Over,
}

/// A drawing in progress.
#[derive(Debug)]
pub struct Canvas {
    body: String,
    clips: u32,
}

pub type Point = (f32, f32);

impl Canvas {
    pub fn new() -> Self {
        Self { body: String::with_capacity(16 * 1024), clips: 0 }
    }

    pub fn finish(self, width: f32, height: f32) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">{}</svg>",
            self.body
        )
    }

    /// Draws inside an area only.
    pub fn clipped(&mut self, area: Area, draw: impl FnOnce(&mut Self)) {
        self.clips += 1;
        let id = self.clips;
        let Area { x, y, w, h } = area;
        let _ = write!(
            self.body,
            "<clipPath id=\"c{id}\"><rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\"/></clipPath><g clip-path=\"url(#c{id})\">"
        );
        draw(self);
        self.body.push_str("</g>");
    }

    /// Draws inside a disc only.
    pub fn clipped_disc(&mut self, (cx, cy): Point, r: f32, draw: impl FnOnce(&mut Self)) {
        self.clips += 1;
        let id = self.clips;
        let _ = write!(
            self.body,
            "<clipPath id=\"c{id}\"><circle cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"{r:.1}\"/></clipPath><g clip-path=\"url(#c{id})\">"
        );
        draw(self);
        self.body.push_str("</g>");
    }

    pub fn rect(&mut self, area: Area, ink: Ink) {
        let Area { x, y, w, h } = area;
        let _ =
            write!(self.body, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" fill=\"{ink}\"/>");
    }

    pub fn disc(&mut self, (cx, cy): Point, r: f32, ink: Ink, print: Print) {
        let _ =
            write!(self.body, "<circle cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"{r:.1}\" fill=\"{ink}\"{}/>", style(print));
    }

    /// An ellipse turned by `degrees`; a line of `width` instead of a surface when that is given.
    pub fn ellipse(
        &mut self,
        (cx, cy): Point,
        (rx, ry): (f32, f32),
        degrees: f32,
        ink: Ink,
        width: Option<f32>,
        print: Print,
    ) {
        let paint = match width {
            Some(width) => format!("fill=\"none\" stroke=\"{ink}\" stroke-width=\"{width:.1}\""),
            None => format!("fill=\"{ink}\""),
        };
        let _ = write!(
            self.body,
            "<ellipse cx=\"{cx:.1}\" cy=\"{cy:.1}\" rx=\"{rx:.1}\" ry=\"{ry:.1}\" transform=\"rotate({degrees:.1} {cx:.1} {cy:.1})\" {paint}{}/>",
            style(print)
        );
    }

    pub fn line(&mut self, from: Point, to: Point, width: f32, ink: Ink) {
        let _ = write!(
            self.body,
            "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"{ink}\" stroke-width=\"{width:.1}\"/>",
            from.0, from.1, to.0, to.1
        );
    }

    /// A shape with straight edges, as drawn.
    pub fn polygon(&mut self, points: &[Point], ink: Ink, print: Print) {
        self.body.push_str("<path d=\"");
        for (at, (x, y)) in points.iter().enumerate() {
            let _ = write!(self.body, "{}{x:.1} {y:.1}", if at == 0 { 'M' } else { 'L' });
        }
        let _ = write!(self.body, "Z\" fill=\"{ink}\"{}/>", style(print));
    }

    /// A shape cut with scissors: corners a little off, long edges not quite straight.
    pub fn cut(&mut self, points: &[Point], wobble: f32, ink: Ink, print: Print, seed: &mut Seed) {
        let mut jittered = Vec::with_capacity(points.len() * 3);
        for (at, &(x, y)) in points.iter().enumerate() {
            let (nx, ny) = points[(at + 1) % points.len()];
            jittered.push((x + seed.between(-wobble, wobble), y + seed.between(-wobble, wobble)));
            let length = (nx - x).hypot(ny - y);
            let bends = (length / 260.0) as i32;
            for bend in 1..=bends {
                let share = bend as f32 / (bends + 1) as f32;
                let off = wobble * 0.6;
                jittered.push((
                    x + (nx - x) * share + seed.between(-off, off),
                    y + (ny - y) * share + seed.between(-off, off),
                ));
            }
        }
        self.polygon(&jittered, ink, print);
    }

    /// Any path, for curves.
    pub fn path(&mut self, d: &str, ink: Ink, print: Print) {
        let _ = write!(self.body, "<path d=\"{d}\" fill=\"{ink}\"{}/>", style(print));
    }

    /// Any path as a line.
    pub fn stroke(&mut self, d: &str, width: f32, ink: Ink) {
        let _ = write!(
            self.body,
            "<path d=\"{d}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"{width:.1}\" stroke-linejoin=\"round\"/>"
        );
    }

    /// Finished SVG, such as lines of type.
    pub fn raw(&mut self, svg: &str) {
        self.body.push_str(svg);
    }
}

fn style(print: Print) -> &'static str {
    match print {
        Print::Solid => "",
        Print::Over => " style=\"mix-blend-mode:multiply\"",
    }
}

/// The point at an angle (in turns, clockwise from the right) and distance.
pub fn polar((cx, cy): Point, turns: f32, r: f32) -> Point {
    let angle = turns * std::f32::consts::TAU;
    (cx + angle.cos() * r, cy + angle.sin() * r)
}
