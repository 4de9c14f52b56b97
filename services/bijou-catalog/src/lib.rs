//! The catalog: titles, people, artwork, import.

pub const ROLE: &str = "catalog";

pub mod document;
mod domain;
pub mod images;
pub mod posters;
mod store;
mod telemetry;
