//! `/v1/search`.

pub(super) mod find;
pub(super) mod misses;
pub(super) mod suggest;

use std::collections::HashMap;

use bijou_catalog_api as wire;

use crate::Catalog;
use crate::document::Document;
use crate::domain::fit::{all_fit, best, there};
use crate::domain::words::is_small;
use crate::error::CatalogError;
use crate::present::Presenter;
use crate::routes::reading::Reader;
use crate::search::{Question, names};
use crate::store::Title;

/// Longer queries were pasted.
const LETTERS_MAX: usize = 200;

fn question(text: &str) -> Result<Question, CatalogError> {
    if text.chars().count() > LETTERS_MAX {
        return Err(CatalogError::query("q", format!("at most {LETTERS_MAX} letters")));
    }
    Ok(Question::new(text))
}

/// Titles as the store has them, as far as they are there for the reader: the index may be a moment older.
async fn visible(catalog: &Catalog, reader: &Reader, ids: &[String]) -> Result<HashMap<String, Title>, CatalogError> {
    let mut titles = catalog.store.titles(ids).await?;
    titles.retain(|_, title| reader.viewing.allows(&title.document));
    Ok(titles)
}

/// By what a title was found: for each word its name before its people, genres and moods.
fn matched(question: &Question, document: &Document, presenter: &Presenter<'_>) -> wire::Matched {
    let mut matched = wire::Matched::default();
    let last = question.words.len().saturating_sub(1);
    let names: Vec<(&str, Vec<String>)> = names(document).into_iter().map(|name| (name, there(name))).collect();
    for (at, word) in question.words.iter().enumerate() {
        if is_small(word) && at != last {
            continue;
        }
        let is_last = at == last;
        let name = names.iter().filter_map(|(name, there)| Some((best(word, there, is_last)?.0, *name)));
        if let Some((_, name)) = name.min_by_key(|(fit, _)| *fit) {
            matched.name.get_or_insert_with(|| name.to_owned());
            continue;
        }
        for credit in &document.credits {
            let is_known = matched.people.iter().any(|person| person.id == credit.person);
            if !is_known && best(word, &there(&credit.name), is_last).is_some() {
                matched.people.push(wire::PersonRef { id: credit.person.clone(), name: credit.name.clone() });
            }
        }
        for id in &document.genres {
            let genre = presenter.genre(id);
            let is_known = matched.genres.contains(&genre);
            if !is_known && best(word, &there(&genre.name), is_last).is_some() {
                matched.genres.push(genre);
            }
        }
        for mood in &document.moods {
            if !matched.moods.contains(mood) && best(word, &there(mood), is_last).is_some() {
                matched.moods.push(mood.clone());
            }
        }
    }
    // Joined, split or misspelt over a space: the whole name fits where no word does.
    if matched == wire::Matched::default() {
        matched.name = Some(document.name().to_owned());
    }
    matched
}

/// The people of these titles whose names the query means, those with most of the titles first.
fn people<'a>(question: &Question, titles: impl Iterator<Item = &'a Title>, max: usize) -> Vec<wire::PersonRef> {
    let mut people: Vec<(wire::PersonRef, usize)> = Vec::new();
    for title in titles {
        let mut of_title: Vec<&str> = Vec::new();
        for credit in &title.document.credits {
            if of_title.contains(&credit.person.as_str()) || !all_fit(&question.words, &credit.name) {
                continue;
            }
            of_title.push(&credit.person);
            match people.iter_mut().find(|(person, _)| person.id == credit.person) {
                Some((_, count)) => *count += 1,
                None => {
                    people.push((wire::PersonRef { id: credit.person.clone(), name: credit.name.clone() }, 1));
                }
            }
        }
    }
    people.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    people.into_iter().take(max).map(|(person, _)| person).collect()
}
