//! For whom an answer is: what may be seen, who reads, and how their cards are signed. The first step of every request.

use std::sync::Arc;

use bijou_catalog_api::{Territory, Viewer};
use bijou_chassis::{Caller, Reject, RequestContext};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::conditional::Use;
use crate::domain::card::Signer;
use crate::domain::personal::Person;
use crate::error::PageError;
use crate::reader::Reading;
use crate::serving::{Signature, Snapshot, View};
use crate::{Recommendations, now_ms};

/// The scope that may look as of another time or from another country.
const OPERATOR: &str = "operator";

/// As of when and where somebody looks, which operators may choose.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Looking {
    /// What would be there at this time (RFC 3339); for operators.
    pub(crate) as_of: Option<String>,
    /// What would be there in this country (ISO 3166-1 alpha-2); for operators.
    pub(crate) territory: Option<String>,
}

/// Whom an answer is for, and what it is made from.
pub(crate) struct Audience {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) view: Arc<View>,
    /// Absent: the account as a whole, or nobody.
    pub(crate) reader: Option<Someone>,
    /// The time looked at.
    pub(crate) now_ms: i64,
    /// Whether it is now, and where the reader is.
    pub(crate) is_here_and_now: bool,
}

/// A profile.
pub(crate) struct Someone {
    pub(crate) reading: Reading,
    pub(crate) person: Person,
    pub(crate) signer: Signer,
}

impl Recommendations {
    /// Whom this request's answer is for.
    pub(crate) async fn audience(
        &self,
        caller: &Caller,
        context: &RequestContext,
        looking: &Looking,
    ) -> Result<Audience, Reject> {
        let is_here_and_now = looking.as_of.is_none() && looking.territory.is_none();
        if !is_here_and_now {
            caller.require_scope(OPERATOR)?;
        }
        let viewer = looking.viewer(caller)?;
        let now_ms = looking.as_of.as_deref().map_or_else(|| Ok(now_ms()), time_ms)?;
        // Asked first: what is served has to be at least as new as what is known of its reader.
        let reading = match caller.passport().profile() {
            Some(profile) => Some((profile, self.reader.read(profile, context).await)),
            None => None,
        };
        let snapshot = self.serving.current();
        if !snapshot.is_ready() {
            return Err(PageError::NothingKnown.into());
        }
        let view = if is_here_and_now { snapshot.view(&viewer, now_ms) } else { snapshot.view_as_of(&viewer, now_ms) };
        let reader = reading.map(|(profile, reading)| Someone {
            person: reading.person(|id| allowed(&snapshot, &view, id)),
            reading,
            signer: self.signer(profile),
        });
        Ok(Audience { snapshot, view, reader, now_ms, is_here_and_now })
    }

    /// Signs a profile's cards.
    pub(crate) fn signer(&self, profile_id: &str) -> Signer {
        Signer::new(&self.secret, profile_id)
    }
}

impl Audience {
    /// How cards are signed. `nobody`: for whoever has no profile.
    pub(crate) fn signature<'a>(&'a self, nobody: &'a Signer) -> Signature<'a> {
        match &self.reader {
            Some(someone) => Signature { signer: &someone.signer, known_ms: someone.reading.known_ms() },
            None => Signature { signer: nobody, known_ms: 0 },
        }
    }

    /// How long the answer may be used by whoever has no profile.
    pub(crate) fn fresh(&self, fresh_s: u32) -> Use {
        if self.is_here_and_now { Use::For(fresh_s) } else { Use::AfterAsking }
    }

    /// Services that did not say what they know.
    pub(crate) fn missing(&self) -> &'static [&'static str] {
        match &self.reader {
            Some(someone) if !someone.reading.is_current => &["profiles"],
            _ => &[],
        }
    }

    pub(crate) fn person(&self) -> Option<&Person> {
        self.reader.as_ref().map(|someone| &someone.person)
    }

    /// The place of a title that may be seen; to everybody else there is none.
    pub(crate) fn place(&self, id: &str) -> Option<usize> {
        allowed(&self.snapshot, &self.view, id)
    }
}

/// The place of a title that may be seen.
///
/// What a profile did with others says nothing here: a page that is made because of a title names it, and a child's page
/// would name what a grown-up watched before the ceiling was lowered.
fn allowed(snapshot: &Snapshot, view: &View, id: &str) -> Option<usize> {
    snapshot.library().place(id).filter(|at| view.allowed[*at])
}

impl Looking {
    fn viewer(&self, caller: &Caller) -> Result<Viewer, PageError> {
        if caller.service().is_some() {
            return Ok(Viewer::service());
        }
        let claims = &caller.passport().claims;
        // A child's profile always has a ceiling. If one came without, it would not be because all is fit for it.
        let maturity = claims.maturity.or(claims.kids.then_some(0));
        let viewer = Viewer::new(maturity, claims.territory.as_deref());
        let Some(country) = self.territory.as_deref() else { return Ok(viewer) };
        if country.len() != 2 || !country.bytes().all(|letter| letter.is_ascii_uppercase()) {
            let reason = format!("`{country}` is no country of two capital letters (ISO 3166-1), such as `DE`");
            return Err(PageError::Query { parameter: "territory", reason });
        }
        Ok(Viewer { territory: Territory::In(country.to_owned()), ..viewer })
    }
}

fn time_ms(text: &str) -> Result<i64, PageError> {
    let time: Timestamp = text.parse().map_err(|_| PageError::Query {
        parameter: "as_of",
        reason: format!("`{text}` is no time of RFC 3339, such as `2026-12-24T18:00:00Z`"),
    })?;
    Ok(time.as_millisecond())
}
