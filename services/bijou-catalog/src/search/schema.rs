//! What the index knows of a title: words to find it by, and columns to sift what was found.

use bijou_catalog_api::{Kind, Offer};
use tantivy::schema::{FAST, Field, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{TantivyDocument, Term};

use crate::document::Document;
use crate::domain::words::{joined, whole, words};
use crate::present::Genres;
use crate::store::Title;

/// Changes whenever what is written here changes: an index of another format is built anew.
pub const FORMAT: u32 = 3;

/// Names of columns, which are read by name.
pub const KIND: &str = "kind";
pub const GENRE: &str = "genre";
pub const YEAR: &str = "year";
pub const AGE: &str = "age";
pub const PLAYABLE: &str = "playable";
pub const POPULARITY: &str = "popularity";
pub const NAME_WORDS: &str = "name_words";
pub const OFFER_TERRITORY: &str = "offer_territory";
pub const OFFER_FROM: &str = "offer_from";
pub const OFFER_UNTIL: &str = "offer_until";

/// The fields of the index.
#[derive(Debug, Clone)]
pub struct Fields {
    pub schema: Schema,
    /// The title's id.
    pub id: Field,
    /// Each name as a whole.
    pub whole: Field,
    /// Words of all names.
    pub name: Field,
    /// Neighbouring words of names as one.
    pub joined: Field,
    /// Words of the names of people.
    pub people: Field,
    /// Words of the names of genres.
    pub genres: Field,
    /// Words of moods.
    pub moods: Field,
    kind: Field,
    genre: Field,
    year: Field,
    age: Field,
    playable: Field,
    popularity: Field,
    name_words: Field,
    offer_territory: Field,
    offer_from: Field,
    offer_until: Field,
}

impl Fields {
    pub fn new() -> Self {
        let mut builder = Schema::builder();
        // Scores are ours: neither positions nor frequencies nor lengths are needed.
        let text = || {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer("whitespace")
                .set_index_option(IndexRecordOption::Basic)
                .set_fieldnorms(false);
            TextOptions::default().set_indexing_options(indexing)
        };
        Self {
            id: builder.add_text_field("id", STRING),
            whole: builder.add_text_field("whole", STRING),
            name: builder.add_text_field("name", text()),
            joined: builder.add_text_field("joined", text()),
            people: builder.add_text_field("people", text()),
            genres: builder.add_text_field("genres", text()),
            moods: builder.add_text_field("moods", text()),
            kind: builder.add_u64_field(KIND, FAST),
            genre: builder.add_text_field(GENRE, TextOptions::default().set_fast("raw")),
            year: builder.add_i64_field(YEAR, FAST),
            age: builder.add_u64_field(AGE, FAST),
            playable: builder.add_u64_field(PLAYABLE, FAST),
            popularity: builder.add_u64_field(POPULARITY, FAST),
            name_words: builder.add_u64_field(NAME_WORDS, FAST),
            offer_territory: builder.add_u64_field(OFFER_TERRITORY, FAST),
            offer_from: builder.add_i64_field(OFFER_FROM, FAST),
            offer_until: builder.add_i64_field(OFFER_UNTIL, FAST),
            schema: builder.build(),
        }
    }

    /// The term by which a title is replaced and removed.
    pub fn id_term(&self, id: &str) -> Term {
        Term::from_field_text(self.id, id)
    }

    /// A title as the index has it.
    pub fn document(&self, title: &Title, genres: &Genres) -> TantivyDocument {
        let document = &title.document;
        let mut entry = TantivyDocument::new();
        entry.add_text(self.id, &document.id);
        let mut fewest = u64::MAX;
        for name in names(document) {
            let words = words(name);
            entry.add_text(self.whole, whole(&words));
            entry.add_text(self.name, words.join(" "));
            entry.add_text(self.joined, joined(&words).join(" "));
            fewest = fewest.min(words.len() as u64);
        }
        entry.add_u64(self.name_words, if fewest == u64::MAX { 0 } else { fewest });
        for credit in &document.credits {
            entry.add_text(self.people, words(&credit.name).join(" "));
        }
        for genre in &document.genres {
            entry.add_text(self.genre, genre);
            match genres.get(genre) {
                Some(names) => names.values().for_each(|name| entry.add_text(self.genres, words(name).join(" "))),
                None => entry.add_text(self.genres, words(genre).join(" ")),
            }
        }
        for mood in &document.moods {
            entry.add_text(self.moods, words(mood).join(" "));
        }
        entry.add_u64(self.kind, kind_number(document.kind));
        entry.add_i64(self.year, i64::from(document.year));
        entry.add_u64(self.age, u64::from(document.certification_age));
        entry.add_u64(self.playable, u64::from(title.playable));
        entry.add_u64(self.popularity, u64::from(document.popularity));
        // Three columns of equal length: values of one document keep their order.
        for Offer { territory, from, until } in &document.offers {
            entry.add_u64(self.offer_territory, territory_number(territory));
            entry.add_i64(self.offer_from, from.map_or(i64::MIN, jiff::Timestamp::as_millisecond));
            entry.add_i64(self.offer_until, until.map_or(i64::MAX, jiff::Timestamp::as_millisecond));
        }
        entry
    }
}

/// Every name of a title once, its own first.
pub fn names(document: &Document) -> Vec<&str> {
    let mut names = vec![document.name()];
    let others = document.texts.values().map(|texts| texts.name.as_str());
    for name in others.chain(document.original_name.as_deref()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A kind in its column.
fn kind_number(kind: Kind) -> u64 {
    match kind {
        Kind::Movie => 0,
        Kind::Show => 1,
    }
}

/// The kind of a number in its column.
pub fn kind_of(number: u64) -> Kind {
    if number == 1 { Kind::Show } else { Kind::Movie }
}

/// Two letters as one number.
fn territory_number(territory: &str) -> u64 {
    territory.bytes().fold(0, |number, letter| number << 8 | u64::from(letter))
}

/// The letters of a number.
pub fn territory_of(number: u64) -> String {
    number.to_be_bytes().into_iter().filter(|letter| *letter != 0).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_give_back_what_was_put_into_them() {
        assert_eq!(["DE", "US"].map(territory_number).map(territory_of), ["DE", "US"]);
        assert_eq!([Kind::Movie, Kind::Show].map(kind_number).map(kind_of), [Kind::Movie, Kind::Show]);
    }
}
