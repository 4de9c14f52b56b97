//! The title doctor: why a title is or is not there for somebody.
//!
//! Each owner is asked for its own part, all at once and for two seconds at most. An owner that is away leaves its part
//! unknown, and the rest is told. What the facts mean is decided without any of them ([`checks`]).

mod case;
mod checks;
mod device;

use std::time::{Duration, Instant};

use bijou_catalog_api::Catalog;
use bijou_client::{CallContext, CallError, Client, segment};
use bijou_profiles_api::Profiles;
use bijou_recommendations_api::Recommendations;
use bijou_resilience::Deadline;

pub use case::{Case, CaseError};
pub use checks::Diagnosis;
use checks::{Facts, Told};

/// How long all owners together may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks everybody, and says what it comes to.
pub async fn examine(client: &Client, title_id: &str, case: &Case) -> Diagnosis {
    let deadline = Deadline::after(Instant::now(), PATIENCE);
    let call = CallContext { deadline: Some(deadline), ..CallContext::service() };
    let (catalog, profiles) = (Catalog::new(client), Profiles::new(client));
    let recommendations = Recommendations::new(client);
    let at = case.at.map(|at| at.to_string());
    let title = catalog.diagnosis(title_id, case.territory.as_deref(), at.as_deref(), &call);
    let playback = client
        .to(bijou_playback_api::APPLICATION)
        .get(&format!("/v1/diagnoses/titles/{}", segment(title_id)))
        .context(&call)
        .send_json();
    let taste = recommendations.diagnosis(title_id, case.profile.as_deref(), &call);
    let profile = async {
        match &case.profile {
            Some(profile) => Some(profiles.diagnosis(profile, &call).await),
            None => None,
        }
    };
    let (title, playback, taste, profile) = tokio::join!(title, playback, taste, profile);
    let facts = Facts {
        title: Told::of(title),
        playback: Told::of(playback.map(Some)),
        taste: Told::of(taste.map(Some)),
        profile: profile.map(Told::of),
    };
    checks::diagnose(title_id, case, &facts)
}

impl<T> Told<T> {
    fn of(answer: Result<Option<T>, CallError>) -> Self {
        match answer {
            Ok(Some(value)) => Self::Known(value),
            Ok(None) => Self::Absent,
            Err(error) => {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "an owner did not tell its part of a diagnosis"
                );
                Self::Away(error.to_string())
            }
        }
    }
}
