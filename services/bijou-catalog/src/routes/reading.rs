//! Who reads, and what all readers may ask for: a language, a choice of members.

use bijou_catalog_api as wire;
use bijou_chassis::{Caller, Reject};
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use crate::conditional::Sharing;
use crate::domain::fields::{Fields, UnknownField};
use crate::domain::language::{Preferences, is_tag};
use crate::domain::text::is_country;
use crate::domain::viewing::Viewing;
use crate::error::{CatalogError, Noun};
use crate::present::Presenter;
use crate::store::Title;
use crate::{Catalog, now_ms};

/// What all reads may be asked: in which language, and, by operators, as of when and where.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Reading {
    /// Languages by preference, as in `Accept-Language`, which it takes the place of: `de-CH,fr`.
    pub(super) lang: Option<String>,
    /// What would be there at this time (RFC 3339); for operators.
    pub(super) as_of: Option<String>,
    /// What would be there in this country (ISO 3166-1 alpha-2); for operators.
    pub(super) territory: Option<String>,
}

/// Who reads: in which languages, what is there for them, and who else may be shown the answer.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) languages: Preferences,
    pub(super) viewing: Viewing,
    pub(super) sharing: Sharing,
}

/// The scope that may look as of another time or from another country.
pub(super) const OPERATOR: &str = "operator";

impl Reader {
    /// The reader a passport tells of, asking as `asked`.
    pub(super) fn of(caller: &Caller, headers: &HeaderMap, asked: &Reading) -> Result<Self, Reject> {
        let languages = preferences(asked.lang.as_deref(), headers)?;
        let is_elsewhere = asked.as_of.is_some() || asked.territory.is_some();
        if is_elsewhere {
            caller.require_scope(OPERATOR)?;
        }
        let mut viewer = viewer(caller);
        if let Some(country) = asked.territory.as_deref() {
            if !is_country(country) {
                let reason = format!("`{country}` is no country of two capital letters (ISO 3166-1), such as `DE`");
                return Err(CatalogError::query("territory", reason).into());
            }
            viewer.territory = wire::Territory::In(country.to_owned());
        }
        let at_ms = asked.as_of.as_deref().map(time).transpose()?.unwrap_or_else(now_ms);
        let viewing = Viewing {
            viewer,
            at: Timestamp::from_millisecond(at_ms).map_err(Reject::internal)?,
            is_now: asked.as_of.is_none(),
        };
        let is_anonymous = caller.account().is_none() && caller.service().is_none() && caller.scopes().is_empty();
        let sharing = if is_anonymous && !is_elsewhere { Sharing::Anonymous } else { Sharing::Nobody };
        Ok(Self { languages, viewing, sharing })
    }

    /// What was found, as far as it is there for this reader: what is not is unknown to them.
    pub(super) fn allowed(&self, found: Option<Title>, what: Noun, id: &str) -> Result<Title, CatalogError> {
        found.filter(|title| self.viewing.allows(&title.document)).ok_or_else(|| CatalogError::not_found(what, id))
    }
}

/// Who looks, as their passport says.
fn viewer(caller: &Caller) -> wire::Viewer {
    if caller.service().is_some() {
        return wire::Viewer::service();
    }
    let claims = &caller.passport().claims;
    // A child's profile always has a ceiling. If one came without, it would not be because all is fit for it.
    let maturity = claims.maturity.or(claims.kids.then_some(0));
    wire::Viewer::new(maturity, claims.territory.as_deref())
}

fn time(text: &str) -> Result<i64, CatalogError> {
    let time: Timestamp = text.parse().map_err(|_| {
        CatalogError::query("as_of", format!("`{text}` is no time of RFC 3339, such as `2026-12-24T18:00:00Z`"))
    })?;
    Ok(time.as_millisecond())
}

/// What the reader reads: the parameter, else the header.
fn preferences(lang: Option<&str>, headers: &HeaderMap) -> Result<Preferences, CatalogError> {
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
    reader: &Reader,
    subjects: &[&str],
    write: impl FnOnce(&Presenter<'_>) -> T,
) -> Result<T, CatalogError> {
    let genres = catalog.counted.genres().await?;
    let artwork = catalog.store.artwork_of(subjects).await?;
    let (reader, viewer) = (&reader.languages, &reader.viewing.viewer);
    Ok(write(&Presenter { genres: &genres, reader, viewer, seals: &catalog.seals, artwork }))
}
