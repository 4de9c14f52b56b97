//! The typed client: one method per operation somebody in this workspace calls.
//!
//! Balancing, retries, deadlines and passports are `bijou-client`'s; all reads here are idempotent. Texts come in the
//! language the call names, else in each title's own.

use bijou_client::{CallContext, CallError, Client, RequestBuilder, Target, segment};

use crate::{EpisodeDetail, Episodes, Genres, Kind, Season, Seasons, Title, TitleDiagnosis, TitlePage, TitleSummary};

/// The catalog's name in the registry.
pub const APPLICATION: &str = "CATALOG";

/// How many ids one call of [`Catalog::titles_by_id`] may name.
pub const IDS_MAX: usize = 100;

/// The catalog as other services call it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Catalog {
    target: Target,
}

/// What `GET /v1/titles` is asked for; the default asks for the newest titles of all.
#[derive(Debug, Clone, Default)]
pub struct TitleFilter {
    pub kind: Option<Kind>,
    /// A genre's id.
    pub genre: Option<String>,
    pub year_from: Option<i32>,
    pub year_to: Option<i32>,
    pub playable: Option<bool>,
    /// `added` (the default), `name`, `newest` or `oldest`.
    pub sort: Option<&'static str>,
    /// 1 to 100; 20 unless told.
    pub limit: Option<u32>,
    pub cursor: Option<String>,
    /// Languages by preference, as in `Accept-Language`.
    pub lang: Option<String>,
}

impl Catalog {
    /// The catalog behind the registry.
    pub fn new(client: &Client) -> Self {
        Self::at(client.to(APPLICATION))
    }

    /// The catalog at a known place, for tests.
    pub fn at(target: Target) -> Self {
        Self { target }
    }

    /// A part of the list of titles.
    pub async fn titles(&self, filter: &TitleFilter, call: &CallContext) -> Result<TitlePage, CallError> {
        let kind = filter.kind.map(|kind| match kind {
            Kind::Movie => "movie",
            Kind::Show => "show",
        });
        self.get("/v1/titles", call)
            .query_if("kind", kind)
            .query_if("genre", filter.genre.as_deref())
            .query_if("year_from", filter.year_from)
            .query_if("year_to", filter.year_to)
            .query_if("playable", filter.playable)
            .query_if("sort", filter.sort)
            .query_if("limit", filter.limit)
            .query_if("cursor", filter.cursor.as_deref())
            .query_if("lang", filter.lang.as_deref())
            .send_json()
            .await
    }

    /// The titles of these ids, at most [`IDS_MAX`], in no particular order; ids the catalog does not know are left out.
    pub async fn titles_by_id<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a str>,
        lang: Option<&str>,
        call: &CallContext,
    ) -> Result<Vec<TitleSummary>, CallError> {
        let ids = ids.into_iter().collect::<Vec<_>>();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let page: TitlePage = self
            .get("/v1/titles", call)
            .query("ids", ids.join(","))
            .query("limit", IDS_MAX)
            .query_if("lang", lang)
            .send_json()
            .await?;
        Ok(page.items)
    }

    /// A title with everything about it, `None` when there is none of this id.
    pub async fn title(&self, id: &str, call: &CallContext) -> Result<Option<Title>, CallError> {
        absent(self.get(&format!("/v1/titles/{}", segment(id)), call).send_json().await)
    }

    /// The seasons of a show by number, `None` when there is no such show. `lang`: languages by preference.
    pub async fn seasons(
        &self,
        show: &str,
        lang: Option<&str>,
        call: &CallContext,
    ) -> Result<Option<Vec<Season>>, CallError> {
        let path = format!("/v1/shows/{}/seasons", segment(show));
        let seasons: Option<Seasons> = absent(self.get(&path, call).query_if("lang", lang).send_json().await)?;
        Ok(seasons.map(|seasons| seasons.items))
    }

    /// The episodes of a season by number, `None` when there is no such season. `lang`: languages by preference.
    pub async fn episodes(
        &self,
        season: &str,
        lang: Option<&str>,
        call: &CallContext,
    ) -> Result<Option<Episodes>, CallError> {
        let path = format!("/v1/seasons/{}/episodes", segment(season));
        absent(self.get(&path, call).query_if("lang", lang).send_json().await)
    }

    /// An episode with its show, its season and what comes after it, `None` when there is no such episode.
    pub async fn episode(&self, id: &str, call: &CallContext) -> Result<Option<EpisodeDetail>, CallError> {
        absent(self.get(&format!("/v1/episodes/{}", segment(id)), call).send_json().await)
    }

    /// The genres that have titles, with counts.
    pub async fn genres(&self, lang: Option<&str>, call: &CallContext) -> Result<Genres, CallError> {
        self.get("/v1/genres", call).query_if("lang", lang).send_json().await
    }

    /// Stores an image (JPEG or PNG, at most 8 MiB) as a title's or episode's artwork; it wins over the printed poster.
    /// For services only.
    pub async fn put_artwork(
        &self,
        subject: &str,
        role: &str,
        content_type: &'static str,
        image: Vec<u8>,
        call: &CallContext,
    ) -> Result<(), CallError> {
        let path = format!("/v1/titles/{}/artwork/{}", segment(subject), segment(role));
        self.target.put(&path).context(call).body(content_type, image).send().await?.success()?;
        Ok(())
    }

    /// Why a title is or is not there in a country (`DE`) at a time (RFC 3339, now when absent); `None` when there is none
    /// of this id. For the console only.
    pub async fn diagnosis(
        &self,
        id: &str,
        territory: Option<&str>,
        at: Option<&str>,
        call: &CallContext,
    ) -> Result<Option<TitleDiagnosis>, CallError> {
        let asked = self.get(&format!("/v1/diagnoses/titles/{}", segment(id)), call);
        absent(asked.query_if("territory", territory).query_if("at", at).send_json().await)
    }

    fn get(&self, path: &str, call: &CallContext) -> RequestBuilder {
        self.target.get(path).context(call)
    }
}

/// A 404 is an answer to these questions, not a failure.
fn absent<T>(answer: Result<T, CallError>) -> Result<Option<T>, CallError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
