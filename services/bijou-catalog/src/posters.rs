//! Printed posters: what a title without artwork gets instead of a grey box.
//!
//! A small grammar in the manner of mid-century film posters. A [`Plan`] is decided by the title alone: two or three
//! inks on coloured paper (`palette`), one picture (`motifs`, chosen by the words of the name, else by genre), a layout
//! and a typeface. The press writes it as SVG, `resvg` inks it, grain and the paper's tooth are laid over the pixels
//! (`press`), and it leaves as JPEG. The same title gives the same bytes, everywhere and for ever, until
//! [`RECIPE`] changes.
//!
//! Left out on purpose: randomness, network, the machine's own fonts. Titles in scripts the fonts here lack (CJK,
//! Arabic, ...) get their picture and year without boxes for letters.

mod canvas;
mod layout;
mod lettering;
mod motifs;
mod palette;
mod press;
mod seed;
mod subject;

use sha2::{Digest, Sha256};

use crate::document::Document;
use crate::domain::text::hex;
use crate::images::{ImageError, Role, Spec};
use layout::Layout;
use motifs::Motif;
pub use palette::Ink;
use palette::Palette;
use seed::Seed;
use subject::Subject;

/// Part of every image's hash: a changed grammar gives new URLs, and the immutable old ones stay true.
const RECIPE: &str = "bijou poster 2";

/// Whether art direction may ask for this picture.
pub fn is_motif(name: &str) -> bool {
    Motif::parse(name).is_some()
}

/// The pictures art direction may ask for.
pub fn motif_names() -> Vec<&'static str> {
    Motif::ALL.iter().map(|motif| motif.name()).collect()
}

/// Everything decided about one title's poster.
#[derive(Debug, Clone)]
pub struct Plan {
    hash: String,
    seed: Seed,
    subject: Subject,
    palette: &'static Palette,
}

impl Plan {
    /// The plan for a title.
    pub fn of(document: &Document) -> Self {
        let subject = Subject::of(document);
        let digest = Sha256::digest(format!("{RECIPE}\n{subject:?}"));
        // Looks depend on the id alone: correcting a name or adding a credit does not repaint the poster.
        let seed = Seed::of(&document.id);
        let palette = palette::choose(&subject, seed.fork("palette"));
        Self { hash: hex(&digest[..8]), seed, subject, palette }
    }

    /// Names the printed bytes in URLs.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The dominant colour as `#rrggbb`, dark enough to set white text on.
    pub fn tint(&self) -> String {
        self.palette.tint().to_string()
    }

    /// Prints the poster (with the name) or the backdrop (without) in this size, as JPEG.
    pub fn print(&self, role: Role, spec: Spec) -> Result<Vec<u8>, ImageError> {
        press::print(&self.svg(role), spec, self.seed.fork("paper"))
    }

    fn svg(&self, role: Role) -> String {
        let motif = Motif::choose(&self.subject, self.seed.fork("motif"));
        match role {
            Role::Poster => layout::poster(
                &self.subject,
                self.palette,
                motif,
                Layout::choose(&self.subject, motif, self.seed.fork("layout")),
                self.seed.fork("drawing"),
            ),
            Role::Backdrop | Role::Still => layout::backdrop(self.palette, motif, self.seed.fork("drawing")),
        }
    }
}
