//! What a title is sifted and ranked by, in memory: read once out of the index's columns, then a line of memory a title.
//!
//! Offers are kept as the rule of who may see what (`Viewer::may_see`) takes them, so that there is no copy of that rule
//! here.

use bijou_catalog_api::{Kind, Offer, Terms};
use jiff::Timestamp;
use tantivy::columnar::Column;
use tantivy::{SegmentReader, TantivyError};

use super::schema::{self, kind_of, territory_of};
use crate::domain::viewing::Viewing;

/// So many people care for what is as popular as it gets.
const PEOPLE_MAX: f32 = 10_000_000.0;

/// One title.
#[derive(Debug, Clone)]
pub struct Fact {
    pub kind: Kind,
    pub age: u8,
    pub is_playable: bool,
    /// Words of its shortest name.
    pub name_words: u8,
    pub year: i32,
    /// How many people care for it: 0 nobody, 1 as many as there are.
    pub popularity: f32,
    /// Its decade among [`Facts::decades`].
    pub decade: u16,
    genres_end: u32,
    offers_end: u32,
}

/// All titles of a part of the index.
#[derive(Debug, Default)]
pub struct Facts {
    titles: Vec<Fact>,
    /// Each title's genres, by their places among `genre_ids`.
    genres: Vec<u32>,
    offers: Vec<Offer>,
    pub genre_ids: Vec<String>,
    /// First years of decades, in order.
    pub decades: Vec<i32>,
}

impl Facts {
    /// Reads the columns of a segment.
    pub fn read(segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let (kinds, ages) = (columns.u64(schema::KIND)?, columns.u64(schema::AGE)?);
        let (years, playable) = (columns.i64(schema::YEAR)?, columns.u64(schema::PLAYABLE)?);
        let (popularity, name_words) = (columns.u64(schema::POPULARITY)?, columns.u64(schema::NAME_WORDS)?);
        // Columns nobody has a value in do not exist.
        let genres = columns.str(schema::GENRE)?;
        let territories: Option<Column<u64>> = columns.column_opt(schema::OFFER_TERRITORY)?;
        let froms: Option<Column<i64>> = columns.column_opt(schema::OFFER_FROM)?;
        let untils: Option<Column<i64>> = columns.column_opt(schema::OFFER_UNTIL)?;

        let mut read = Self::default();
        for ord in 0..genres.as_ref().map_or(0, |column| column.num_terms()) {
            let mut id = String::new();
            genres.as_ref().map(|column| column.ord_to_str(ord as u64, &mut id)).transpose()?;
            read.genre_ids.push(id);
        }
        let year_of = |doc| years.first(doc).unwrap_or(0) as i32;
        read.decades = (0..segment.max_doc()).map(|doc| decade(year_of(doc))).collect();
        read.decades.sort_unstable();
        read.decades.dedup();
        for doc in 0..segment.max_doc() {
            if let Some(column) = &genres {
                read.genres.extend(column.ords().values_for_doc(doc).map(|ord| ord as u32));
            }
            if let (Some(territories), Some(froms), Some(untils)) = (&territories, &froms, &untils) {
                let windows = froms.values_for_doc(doc).zip(untils.values_for_doc(doc));
                for (territory, (from, until)) in territories.values_for_doc(doc).zip(windows) {
                    read.offers.push(Offer {
                        territory: territory_of(territory),
                        from: (from != i64::MIN).then(|| time(from)).transpose()?,
                        until: (until != i64::MAX).then(|| time(until)).transpose()?,
                    });
                }
            }
            let year = year_of(doc);
            let people = popularity.first(doc).unwrap_or(0) as f32;
            read.titles.push(Fact {
                kind: kind_of(kinds.first(doc).unwrap_or(0)),
                // Every title has an age; one without would be for nobody who has a ceiling.
                age: ages.first(doc).map_or(u8::MAX, |age| u8::try_from(age).unwrap_or(u8::MAX)),
                is_playable: playable.first(doc) == Some(1),
                name_words: name_words.first(doc).unwrap_or(0).min(255) as u8,
                year,
                popularity: (people.ln_1p() / PEOPLE_MAX.ln_1p()).min(1.0),
                decade: read.decades.partition_point(|known| *known < decade(year)) as u16,
                genres_end: read.genres.len() as u32,
                offers_end: read.offers.len() as u32,
            });
        }
        Ok(read)
    }

    pub fn len(&self) -> usize {
        self.titles.len()
    }

    pub fn of(&self, title: u32) -> &Fact {
        &self.titles[title as usize]
    }

    /// Its genres, by their places among `genre_ids`.
    pub fn genres(&self, title: u32) -> &[u32] {
        let start = self.before(title).map_or(0, |before| before.genres_end);
        &self.genres[start as usize..self.of(title).genres_end as usize]
    }

    /// The one rule of who may see a title.
    pub fn may_be_seen(&self, title: u32, viewing: &Viewing) -> bool {
        let start = self.before(title).map_or(0, |before| before.offers_end);
        let fact = self.of(title);
        let offers = &self.offers[start as usize..fact.offers_end as usize];
        viewing.viewer.may_see(Terms { certification_age: fact.age, offers }, viewing.at)
    }

    /// Bytes of memory, about.
    pub fn bytes(&self) -> usize {
        // A territory is a text of its own.
        self.titles.len() * size_of::<Fact>() + self.genres.len() * 4 + self.offers.len() * (size_of::<Offer>() + 16)
    }

    fn before(&self, title: u32) -> Option<&Fact> {
        title.checked_sub(1).map(|before| self.of(before))
    }
}

fn decade(year: i32) -> i32 {
    year / 10 * 10
}

fn time(at_ms: i64) -> tantivy::Result<Timestamp> {
    Timestamp::from_millisecond(at_ms).map_err(|error| TantivyError::InternalError(error.to_string()))
}
