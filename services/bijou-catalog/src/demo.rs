//! The demo's titles: the Bijou Originals, and open and public-domain films by their facts.
//!
//! Texts are our own, and so are the figures of popularity: orders of magnitude of how well known a film is, so that search
//! has something to go by before anybody imported anything. Which of them can be played, and how long they are, playback tells.

use crate::import::{self, ImportError};
use crate::store::Store;

const TITLES: &str = include_str!("../demo/titles.jsonl");

/// Puts the demo's titles into an empty catalog. Gives how many there are.
pub async fn import(store: &Store, now_ms: i64) -> Result<usize, ImportError> {
    Ok(import::import_text(store, TITLES, now_ms).await?.published)
}
