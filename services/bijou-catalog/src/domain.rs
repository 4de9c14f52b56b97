//! The catalog's rules on plain values: no sockets, no database, no clock.

pub mod certification;
pub mod cursor;
pub mod diagnosis;
pub mod fields;
pub mod fit;
pub mod language;
pub mod query;
pub mod text;
pub mod viewing;
pub mod words;
