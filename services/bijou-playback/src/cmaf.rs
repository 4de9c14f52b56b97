//! Fragmented MP4 as our encoder writes it: what is in a file, and the index we add to it.
//!
//! Only the dozen boxes that manifests need are understood. Decryption, sample tables of plain MP4 and more than one
//! track a file are absent: a rendition is one track in one file, and anything else is refused by name.

pub mod boxes;
pub mod index_box;
pub mod segments;
