//! What all readers may ask for: a language, a choice of members.

use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use crate::Catalog;
use crate::domain::fields::{Fields, UnknownField};
use crate::domain::language::{Preferences, is_tag};
use crate::error::CatalogError;
use crate::present::Presenter;

/// The language of an answer.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Lang {
    /// Languages by preference, as in `Accept-Language`, which it takes the place of: `de-CH,fr`.
    pub(super) lang: Option<String>,
}

/// What the reader reads: the parameter, else the header.
pub(super) fn preferences(lang: Option<&str>, headers: &HeaderMap) -> Result<Preferences, CatalogError> {
    let Some(lang) = lang else {
        let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        return Ok(header.map(Preferences::parse).unwrap_or_default());
    };
    // What a program writes into a parameter is meant; a header's nonsense is some browser's.
    let wrong = lang.split(',').map(|part| part.split(';').next().unwrap_or_default().trim()).find(|tag| !is_tag(tag));
    match wrong {
        Some(tag) => {
            Err(CatalogError::query("lang", format!("`{tag}` is no language tag (BCP 47), such as `de` or `pt-BR`")))
        }
        None => Ok(Preferences::parse(lang)),
    }
}

/// The members asked for, `None` for all of them.
pub(super) fn fields(list: Option<&str>, known: &[&'static str]) -> Result<Option<Fields>, CatalogError> {
    let Some(list) = list else {
        return Ok(None);
    };
    let fields = Fields::parse(list, known).map_err(|UnknownField(name)| {
        CatalogError::query("fields", format!("there is no member `{name}`; there are {}", known.join(", ")))
    })?;
    Ok(Some(fields))
}

/// A value's members that were asked for.
pub(super) fn cut(value: Value, fields: &Fields) -> Map<String, Value> {
    match value {
        Value::Object(members) => members.into_iter().filter(|(name, _)| fields.has(name)).collect(),
        _ => Map::new(),
    }
}

/// Reads the artwork of subjects and runs `write` with everything an answer is written with.
pub(super) async fn presented<T>(
    catalog: &Catalog,
    reader: &Preferences,
    subjects: &[&str],
    write: impl FnOnce(&Presenter<'_>) -> T,
) -> Result<T, CatalogError> {
    let genres = catalog.counted.genres().await?;
    let artwork = catalog.store.artwork_of(subjects).await?;
    Ok(write(&Presenter { genres: &genres, reader, artwork }))
}
