//! For whom an answer is: what may be seen, who reads, and how their cards are signed. The first step of every request.

use std::sync::Arc;

use bijou_catalog_api::Viewer;
use bijou_chassis::{Caller, RequestContext};

use crate::domain::card::Signer;
use crate::domain::personal::Person;
use crate::error::PageError;
use crate::reader::Reading;
use crate::serving::{Signature, Snapshot, View};
use crate::{Recommendations, now_ms};

/// Whom an answer is for, and what it is made from.
pub(crate) struct Audience {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) view: Arc<View>,
    /// Absent: the account as a whole, or nobody.
    pub(crate) reader: Option<Someone>,
    pub(crate) now_ms: i64,
}

/// A profile.
pub(crate) struct Someone {
    pub(crate) reading: Reading,
    pub(crate) person: Person,
    pub(crate) signer: Signer,
}

impl Recommendations {
    /// Whom this request's answer is for.
    pub(crate) async fn audience(&self, caller: &Caller, context: &RequestContext) -> Result<Audience, PageError> {
        // Asked first: what is served has to be at least as new as what is known of its reader.
        let reading = match caller.passport().profile() {
            Some(profile) => Some((profile, self.reader.read(profile, context).await)),
            None => None,
        };
        let snapshot = self.serving.current();
        if !snapshot.is_ready() {
            return Err(PageError::NothingKnown);
        }
        let now_ms = now_ms();
        let view = snapshot.view(&viewer(caller), now_ms);
        let reader = reading.map(|(profile, reading)| Someone {
            person: reading.person(|id| snapshot.library().place(id)),
            reading,
            signer: self.signer(profile),
        });
        Ok(Audience { snapshot, view, reader, now_ms })
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
        self.snapshot.library().place(id).filter(|at| self.view.allowed[*at])
    }
}

fn viewer(caller: &Caller) -> Viewer {
    if caller.service().is_some() {
        return Viewer::service();
    }
    let claims = &caller.passport().claims;
    Viewer::new(claims.maturity, claims.territory.as_deref())
}
