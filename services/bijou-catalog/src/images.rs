//! Images: which there are, what they are called, and where their bytes come from.
//!
//! `/img/{subject}/{role}/{size}/{name}.jpg`, with a fixed list of sizes: open-ended ones would let anybody make this
//! service print for ever. The name begins with a hash of the picture, so the bytes behind a URL never change and caches
//! keep them, and ends with a seal, so that nobody guesses it (`seal`).

mod cache;
mod picture;
mod seal;

use bijou_catalog_api as wire;

pub use cache::{Bounds, Images, NoImage};
pub use picture::{Picture, encode_jpeg, fit, read_picture};
pub use seal::Seals;

/// What an image is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// 2:3, with the name.
    Poster,
    /// 16:9, without.
    Backdrop,
    /// 16:9, of an episode.
    Still,
}

/// One size of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spec {
    pub name: &'static str,
    pub width: u32,
    pub height: u32,
}

const fn spec(name: &'static str, width: u32, height: u32) -> Spec {
    Spec { name, width, height }
}

const POSTERS: [Spec; 3] = [spec("w240", 240, 360), spec("w480", 480, 720), spec("w960", 960, 1440)];
const BACKDROPS: [Spec; 3] = [spec("w640", 640, 360), spec("w1280", 1280, 720), spec("w1920", 1920, 1080)];

impl Role {
    pub const NAMES: [&'static str; 3] = ["poster", "backdrop", "still"];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Poster => "poster",
            Self::Backdrop => "backdrop",
            Self::Still => "still",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Poster, Self::Backdrop, Self::Still].into_iter().find(|role| role.as_str() == text)
    }

    /// The sizes there are, smallest first.
    pub fn specs(self) -> &'static [Spec] {
        match self {
            Self::Poster => &POSTERS,
            Self::Backdrop | Self::Still => &BACKDROPS,
        }
    }

    pub fn spec(self, name: &str) -> Option<Spec> {
        self.specs().iter().copied().find(|spec| spec.name == name)
    }

    /// The size named in JSON.
    pub fn usual(self) -> Spec {
        self.specs()[1]
    }

    /// The largest size: what real artwork is stored as.
    pub fn largest(self) -> Spec {
        self.specs()[2]
    }
}

/// Where an image is to be had, under its sealed name.
pub fn url_of(subject: &str, role: Role, spec: Spec, name: &str) -> String {
    format!("/img/{subject}/{}/{}/{name}.jpg", role.as_str(), spec.name)
}

/// An image as it travels.
pub fn image_of(seals: &Seals, subject: &str, role: Role, hash: &str, tint: &str) -> wire::Image {
    let spec = role.usual();
    wire::Image {
        url: url_of(subject, role, spec, &seals.name(subject, role, hash)),
        width: spec.width,
        height: spec.height,
        tint: tint.to_owned(),
    }
}

/// What can go wrong with a picture.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    #[error("it is neither JPEG nor PNG, or is damaged")]
    Unreadable(#[source] image::ImageError),
    #[error("it is {width} x {height} pixels; at least {min} wide and at most {max} on a side are taken")]
    Dimensions { width: u32, height: u32, min: u32, max: u32 },
    #[error("failed to draw: {0}")]
    Drawing(String),
    #[error("an image of no size")]
    Size,
    #[error("failed to write the JPEG")]
    Encode(#[source] image::ImageError),
    #[error("the work was given up")]
    GivenUp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_has_the_shape_of_its_role() {
        for role in [Role::Poster, Role::Backdrop, Role::Still] {
            for spec in role.specs() {
                let (wide, tall) = if role == Role::Poster { (2, 3) } else { (16, 9) };
                assert_eq!(spec.width * tall, spec.height * wide, "{role:?} {}", spec.name);
                assert_eq!(spec.name, format!("w{}", spec.width));
                assert_eq!(role.spec(spec.name), Some(*spec));
            }
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::Poster.spec("w9999"), None);
    }
}
