//! The press: SVG to pixels, the paper's tooth and the ink's unevenness over them, JPEG.
//!
//! Grain is added to the pixels from a tile made once: the renderer's own turbulence filter costs thirty times the
//! rest of the poster.

use std::sync::LazyLock;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::lettering;
use super::seed::Seed;
use crate::images::{ImageError, Spec, encode_jpeg};

/// Side of the tile of grain, in pixels.
const TILE: usize = 256;
/// How far grain and mottling move a channel, of 255.
const GRAIN: f32 = 6.5;
const MOTTLE: f32 = 5.0;

/// Prints a drawing at a size.
pub fn print(svg: &str, spec: Spec, mut seed: Seed) -> Result<Vec<u8>, ImageError> {
    let options = Options { fontdb: lettering::fonts(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| ImageError::Drawing(error.to_string()))?;
    let mut pixmap = Pixmap::new(spec.width, spec.height).ok_or(ImageError::Size)?;
    let scale =
        Transform::from_scale(spec.width as f32 / tree.size().width(), spec.height as f32 / tree.size().height());
    resvg::render(&tree, scale, &mut pixmap.as_mut());
    let offset = (seed.whole(0, TILE as i32 - 1) as usize, seed.whole(0, TILE as i32 - 1) as usize);
    let rgb = inked(&pixmap, offset);
    encode_jpeg(&rgb, spec.width, spec.height)
}

/// The pixels without their alpha (the ground covers everything), with grain.
fn inked(pixmap: &Pixmap, (shift_x, shift_y): (usize, usize)) -> Vec<u8> {
    let tile = &*GRAIN_TILE;
    let width = pixmap.width() as usize;
    // Mottling is as wide as a thumb whatever the size: seven tiles of grain make one of it.
    let stretch = (width / 60).max(4);
    let mut rgb = Vec::with_capacity(width * pixmap.height() as usize * 3);
    for (at, pixel) in pixmap.pixels().iter().enumerate() {
        let (x, y) = (at % width + shift_x, at / width + shift_y);
        let fine = f32::from(tile[(y % TILE) * TILE + x % TILE]) / 127.0 * GRAIN;
        let broad = smooth(tile, x, y, stretch) * MOTTLE;
        // Ink shows its tooth more than bare paper does.
        let lightness = f32::from(pixel.green()) / 255.0;
        let move_by = fine * (1.15 - 0.35 * lightness) + broad;
        for channel in [pixel.red(), pixel.green(), pixel.blue()] {
            rgb.push((f32::from(channel) + move_by).clamp(0.0, 255.0) as u8);
        }
    }
    rgb
}

/// The tile stretched, between its points blended, as -1 to 1.
fn smooth(tile: &[i8], x: usize, y: usize, stretch: usize) -> f32 {
    let value = |x: usize, y: usize| f32::from(tile[(y % TILE) * TILE + x % TILE]) / 127.0;
    let (cell_x, cell_y) = (x / stretch, y / stretch);
    let (part_x, part_y) = ((x % stretch) as f32 / stretch as f32, (y % stretch) as f32 / stretch as f32);
    let top = value(cell_x, cell_y) * (1.0 - part_x) + value(cell_x + 1, cell_y) * part_x;
    let bottom = value(cell_x, cell_y + 1) * (1.0 - part_x) + value(cell_x + 1, cell_y + 1) * part_x;
    top * (1.0 - part_y) + bottom * part_y
}

/// Noise that is denser in the middle than at the ends, as grain is.
static GRAIN_TILE: LazyLock<Vec<i8>> = LazyLock::new(|| {
    let mut seed = Seed::of("grain");
    (0..TILE * TILE)
        .map(|_| {
            let sum = seed.between(-1.0, 1.0) + seed.between(-1.0, 1.0) + seed.between(-1.0, 1.0);
            (sum / 3.0 * 127.0) as i8
        })
        .collect()
});
