//! Real pictures: read with limits, cut to shape, measured for their tint, written as JPEG.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ExtendedColorType, ImageEncoder as _, ImageReader, Limits};
use sha2::{Digest, Sha256};

use super::{ImageError, Role, Spec};
use crate::domain::text::hex;
use crate::posters::Ink;

/// Largest side of a picture that is read, in pixels, and the memory it may take.
const SIDE_MAX: u32 = 8_192;
const MEMORY_MAX: u64 = 256 * 1024 * 1024;
/// Narrower pictures look worse than a printed poster.
const WIDTH_MIN: u32 = 160;

const QUALITY: u8 = 84;

/// A picture brought to the form it is stored in.
#[derive(Debug, Clone)]
pub struct Picture {
    pub jpeg: Vec<u8>,
    pub hash: String,
    pub width: u32,
    pub height: u32,
    pub tint: String,
}

/// Reads a JPEG or PNG and cuts it to the role's shape, at most its largest size.
pub fn read_picture(bytes: &[u8], role: Role) -> Result<Picture, ImageError> {
    let image = decode(bytes)?;
    if image.width() < WIDTH_MIN {
        let (width, height) = (image.width(), image.height());
        return Err(ImageError::Dimensions { width, height, min: WIDTH_MIN, max: SIDE_MAX });
    }
    let largest = role.largest();
    let spec = if image.width() < largest.width { role.usual() } else { largest };
    let image = image.resize_to_fill(spec.width, spec.height, FilterType::CatmullRom).into_rgb8();
    let tint = dominant(&image).darkened().to_string();
    let jpeg = encode_jpeg(image.as_raw(), spec.width, spec.height)?;
    let digest = Sha256::digest(&jpeg);
    let hash = hex(&digest[..8]);
    Ok(Picture { jpeg, hash, width: spec.width, height: spec.height, tint })
}

/// A stored picture at another size.
pub fn fit(jpeg: &[u8], spec: Spec) -> Result<Vec<u8>, ImageError> {
    let image = decode(jpeg)?;
    if (image.width(), image.height()) == (spec.width, spec.height) {
        return Ok(jpeg.to_vec());
    }
    let image = image.resize_to_fill(spec.width, spec.height, FilterType::CatmullRom).into_rgb8();
    encode_jpeg(image.as_raw(), spec.width, spec.height)
}

/// Writes RGB pixels as JPEG.
pub fn encode_jpeg(rgb: &[u8], width: u32, height: u32) -> Result<Vec<u8>, ImageError> {
    let mut jpeg = Vec::with_capacity(rgb.len() / 8);
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .write_image(rgb, width, height, ExtendedColorType::Rgb8)
        .map_err(ImageError::Encode)?;
    Ok(jpeg)
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, ImageError> {
    let mut reader = ImageReader::new(std::io::Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| ImageError::Unreadable(error.into()))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    reader.decode().map_err(ImageError::Unreadable)
}

/// The colour a picture is remembered by: the mean of its fullest box of hue, grey counting little.
fn dominant(image: &image::RgbImage) -> Ink {
    const BOXES: usize = 12;
    let mut boxes = [[0.0_f32; 4]; BOXES + 1];
    let step = (image.width() / 64).max(1);
    let samples = image.enumerate_pixels().filter(|(x, y, _)| x.is_multiple_of(step) && y.is_multiple_of(step));
    for (_, _, pixel) in samples {
        let [red, green, blue] = pixel.0.map(f32::from);
        let (high, low) = (red.max(green).max(blue), red.min(green).min(blue));
        let chroma = high - low;
        let hue = if chroma < 24.0 {
            BOXES
        } else {
            let turn = if red >= green && red >= blue {
                (green - blue) / chroma
            } else if green >= blue {
                2.0 + (blue - red) / chroma
            } else {
                4.0 + (red - green) / chroma
            };
            ((turn.rem_euclid(6.0) / 6.0 * BOXES as f32) as usize).min(BOXES - 1)
        };
        // Darkness is everywhere in films and says nothing.
        let weight = (chroma / 255.0).max(0.02) * (high / 255.0).max(0.02);
        let sums = &mut boxes[hue];
        sums[0] += red * weight;
        sums[1] += green * weight;
        sums[2] += blue * weight;
        sums[3] += weight;
    }
    let fullest = boxes.iter().max_by(|one, two| one[3].total_cmp(&two[3])).unwrap_or(&[0.0; 4]);
    let mean = |at: usize| if fullest[3] > 0.0 { (fullest[at] / fullest[3]) as u8 } else { 0 };
    Ink::of([mean(0), mean(1), mean(2)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32, rgb: [u8; 3]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let image = image::RgbImage::from_pixel(width, height, image::Rgb(rgb));
        image.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).expect("a PNG");
        bytes
    }

    #[test]
    fn a_picture_is_cut_to_the_shape_of_its_role() {
        let picture = read_picture(&png(400, 400, [200, 40, 30]), Role::Poster).expect("accepted");
        assert_eq!((picture.width, picture.height), (480, 720));
        assert!(picture.jpeg.starts_with(&[0xff, 0xd8]));
        let small = fit(&picture.jpeg, Role::Poster.specs()[0]).expect("smaller");
        assert_eq!(decode(&small).expect("a JPEG").width(), 240);
    }

    #[test]
    fn the_tint_has_the_hue_and_is_dark() {
        let picture = read_picture(&png(320, 180, [220, 60, 40]), Role::Backdrop).expect("accepted");
        let tint = u32::from_str_radix(&picture.tint[1..], 16).expect("a colour");
        let (red, green) = (tint >> 16, (tint >> 8) & 0xff);
        assert!(red > green * 2, "{}", picture.tint);
        assert!(red < 0xb0, "{}", picture.tint);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert!(matches!(read_picture(b"GIF89a...", Role::Poster), Err(ImageError::Unreadable(_))));
        assert!(matches!(read_picture(&png(400, 400, [0; 3])[..60], Role::Poster), Err(ImageError::Unreadable(_))));
        assert!(matches!(read_picture(&png(20, 30, [0; 3]), Role::Poster), Err(ImageError::Dimensions { .. })));
    }
}
