//! What a poster is about: the few facts of a title that are printed or decide how it looks.

use bijou_catalog_api::CreditRole;

use crate::document::Document;

/// The makers of our own films; their posters carry the house's row of bulbs.
const HOUSE: &str = "Bijou Originals";

/// The facts. Its `Debug` form is what a poster's hash is made of, so what is not printed stays out.
#[derive(Debug, Clone)]
pub struct Subject {
    pub name: String,
    pub year: i32,
    pub genres: Vec<String>,
    pub motif: Option<String>,
    /// "Fritz Lang", "Clyde Bruckman & Buster Keaton"; empty when nobody is known.
    pub makers: String,
    /// Up to three of the cast.
    pub cast: Vec<String>,
    pub is_house: bool,
    pub is_show: bool,
}

impl Subject {
    pub fn of(document: &Document) -> Self {
        let mut makers: Vec<&str> = document.people_as(CreditRole::Director).collect();
        if makers.is_empty() {
            makers = document.people_as(CreditRole::Creator).collect();
        }
        makers.truncate(2);
        Self {
            name: document.name().trim().to_owned(),
            year: document.year,
            genres: document.genres.clone(),
            motif: document.motif.clone(),
            is_house: makers.contains(&HOUSE),
            makers: makers.join(" & "),
            cast: document.people_as(CreditRole::Actor).take(3).map(str::to_owned).collect(),
            is_show: document.kind == bijou_catalog_api::Kind::Show,
        }
    }

    /// Whether one of the title's genres is among these ids.
    pub fn is_any(&self, genres: &[&str]) -> bool {
        self.genres.iter().any(|genre| genres.contains(&genre.as_str()))
    }
}
