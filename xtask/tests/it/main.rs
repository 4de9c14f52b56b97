//! Invariants of the repository itself: who may import whom, and what no file may contain.

mod dependencies;
mod files;
mod layers;

use std::path::Path;

/// The repository's root.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
