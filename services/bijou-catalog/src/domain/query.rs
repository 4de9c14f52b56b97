//! What a list of titles was asked for: filter, order and the place in it.

use bijou_catalog_api::Kind;

/// How many titles a part of a list holds unless told, and at most.
pub const LIMIT_USUAL: u32 = 20;
pub const LIMIT_MAX: u32 = 100;

/// Which titles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    pub kind: Option<Kind>,
    pub genre: Option<String>,
    pub year_from: Option<i32>,
    pub year_to: Option<i32>,
    pub age_max: Option<u8>,
    pub playable: Option<bool>,
    pub ids: Option<Vec<String>>,
}

/// In which order. Each has a second key, the id, so that a cursor names exactly one place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Newest in the catalog first.
    #[default]
    Added,
    /// By name, articles and accents aside.
    Name,
    /// By year, newest first.
    Newest,
    /// By year, oldest first.
    Oldest,
}

impl Sort {
    pub const NAMES: [&'static str; 4] = ["added", "name", "newest", "oldest"];

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "added" => Some(Self::Added),
            "name" => Some(Self::Name),
            "newest" => Some(Self::Newest),
            "oldest" => Some(Self::Oldest),
            _ => None,
        }
    }
}

/// A place in an order: the key of the last title seen, and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub key: Key,
    pub id: String,
}

/// The first sort key's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    Number(i64),
    Text(String),
}

impl Filter {
    /// A text that is equal for equal queries, for binding a cursor to its query and for caching counts.
    pub fn fingerprint(&self, sort: Sort) -> String {
        format!("{self:?}{sort:?}")
    }
}
