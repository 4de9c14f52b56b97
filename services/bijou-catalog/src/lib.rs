//! The catalog: titles, people, artwork, import.
