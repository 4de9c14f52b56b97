//! A part of the index in memory, as it is searched.
//!
//! Tantivy keeps the files: what was committed, what was deleted, what was merged. A search reads none of them: each
//! segment is read once, when it appears, into sorted words and facts (`lexicon`, `facts`). 36,000 titles are some
//! megabytes, walking them costs no decoding, and a file that breaks later breaks no search.

use std::sync::Arc;

use tantivy::fastfield::AliveBitSet;
use tantivy::index::SegmentId;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet as _, Searcher, SegmentReader, TERMINATED, TantivyError};

use super::facts::Facts;
use super::lexicon::Lexicon;
use super::schema::Fields;

/// Everything there is to search, at one moment.
#[derive(Default)]
pub struct Shelf {
    pub parts: Vec<Part>,
}

/// What is in one segment, and what of it is not deleted.
pub struct Part {
    pub contents: Arc<Contents>,
    segment: SegmentId,
    alive: Option<AliveBitSet>,
}

/// What is in one segment; it never changes.
pub struct Contents {
    pub facts: Facts,
    /// Whole names.
    pub whole: Lexicon,
    /// Words of names.
    pub name: Lexicon,
    /// Neighbouring words of names as one.
    pub joined: Lexicon,
    /// Words of the names of people.
    pub people: Lexicon,
    /// Words of the names of genres.
    pub genres: Lexicon,
    pub moods: Lexicon,
    ids: Lexicon,
    /// Each title's id, by its place in `ids`.
    id_at: Vec<u32>,
}

impl Shelf {
    /// What a searcher sees. Segments that are in `before` are not read again.
    pub fn read(searcher: &Searcher, fields: &Fields, before: &Self) -> tantivy::Result<Self> {
        let part = |segment: &SegmentReader| {
            let known = before.parts.iter().find(|part| part.segment == segment.segment_id());
            let contents = match known {
                Some(part) => Arc::clone(&part.contents),
                None => Arc::new(Contents::read(segment, fields)?),
            };
            Ok(Part { contents, segment: segment.segment_id(), alive: segment.alive_bitset().cloned() })
        };
        let parts = searcher.segment_readers().iter().map(part).collect::<tantivy::Result<_>>()?;
        Ok(Self { parts })
    }

    /// Whether there is a title of this id.
    pub fn has(&self, id: &str) -> bool {
        self.parts.iter().any(|part| part.contents.ids.titles_of(id).iter().any(|title| part.is_alive(*title)))
    }

    /// How many titles there are, deleted ones that are not gone yet included.
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.contents.facts.len()).sum()
    }

    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.contents.bytes()).sum()
    }
}

impl Part {
    pub fn is_alive(&self, title: u32) -> bool {
        self.alive.as_ref().is_none_or(|alive| alive.is_alive(title))
    }
}

impl Contents {
    fn read(segment: &SegmentReader, fields: &Fields) -> tantivy::Result<Self> {
        let facts = Facts::read(segment)?;
        let ids = lexicon(segment, fields.id)?;
        let mut id_at = vec![0; facts.len()];
        for at in 0..ids.len() {
            for title in ids.titles(at..at + 1) {
                id_at[*title as usize] = at as u32;
            }
        }
        Ok(Self {
            facts,
            whole: lexicon(segment, fields.whole)?,
            name: lexicon(segment, fields.name)?,
            joined: lexicon(segment, fields.joined)?,
            people: lexicon(segment, fields.people)?,
            genres: lexicon(segment, fields.genres)?,
            moods: lexicon(segment, fields.moods)?,
            ids,
            id_at,
        })
    }

    /// The id of a title.
    pub fn id(&self, title: u32) -> &str {
        self.ids.word(self.id_at[title as usize] as usize)
    }

    fn bytes(&self) -> usize {
        let lexicons = [&self.whole, &self.name, &self.joined, &self.people, &self.genres, &self.moods, &self.ids]
            .map(Lexicon::bytes);
        self.facts.bytes() + lexicons.iter().sum::<usize>() + 4 * self.id_at.len()
    }
}

/// The words of a field with their titles. A segment's dictionary is in the order of its bytes, which is that of texts.
fn lexicon(segment: &SegmentReader, field: Field) -> tantivy::Result<Lexicon> {
    let index = segment.inverted_index(field)?;
    let mut lexicon = Lexicon::default();
    let mut words = index.terms().stream()?;
    let mut titles = Vec::new();
    while words.advance() {
        let word = str::from_utf8(words.key()).map_err(|error| TantivyError::InternalError(error.to_string()))?;
        let mut postings = index.read_postings_from_terminfo(words.value(), IndexRecordOption::Basic)?;
        titles.clear();
        while postings.doc() != TERMINATED {
            titles.push(postings.doc());
            postings.advance();
        }
        lexicon.push(word, titles.iter().copied());
    }
    Ok(lexicon)
}
