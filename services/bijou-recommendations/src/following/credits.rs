//! Who made each title and plays in it, asked of the catalog one title after another: lists do not carry credits.
//!
//! Only training wants to know, so there is no hurry: a pause after each handful keeps a library of tens of thousands
//! from being a load on anybody. Until then titles are alike by their genres alone.

use std::time::Duration;

use bijou_catalog_api::{Catalog, CreditRole, Title};
use bijou_chassis::BoxError;
use bijou_client::CallContext;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::store::Store;

/// Titles asked for before a pause.
const HANDFUL: i64 = 20;

/// The pause after a handful, and the one when there is nothing to ask.
const PAUSE: Duration = Duration::from_millis(200);
const REST: Duration = Duration::from_secs(5);

/// People of one title that count: makers and the first names of the cast.
const PEOPLE_MAX: usize = 8;

/// Asks until `shutdown`.
pub(crate) async fn ask(store: Store, catalog: Catalog, shutdown: CancellationToken) -> Result<(), BoxError> {
    loop {
        let pause = match handful(&store, &catalog).await {
            Ok(0) => REST,
            Ok(_) => PAUSE,
            Err(error) => {
                debug!("the catalog was not asked for credits, trying again in {REST:?}: {error}");
                REST
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn handful(store: &Store, catalog: &Catalog) -> Result<usize, BoxError> {
    let ids = store.titles_without_people(HANDFUL).await?;
    let mut known = Vec::with_capacity(ids.len());
    for id in ids {
        let people = match catalog.title(&id, &CallContext::service()).await {
            Ok(Some(title)) => people(&title),
            Ok(None) => Vec::new(),
            // One title nobody can read must not hold all others back.
            Err(error @ bijou_client::CallError::Unreadable { .. }) => {
                warn!(title.id = %id, "the credits of `{id}` are unreadable: {error}");
                Vec::new()
            }
            Err(error) => {
                store.set_people(&known).await?;
                return Err(error.into());
            }
        };
        known.push((id, people));
    }
    store.set_people(&known).await?;
    Ok(known.len())
}

fn people(title: &Title) -> Vec<String> {
    let says_much = |role: CreditRole| {
        matches!(role, CreditRole::Director | CreditRole::Creator | CreditRole::Writer | CreditRole::Actor)
    };
    let credits = title.credits.iter().filter(|credit| says_much(credit.role));
    let mut people: Vec<String> = Vec::new();
    for credit in credits {
        if people.len() < PEOPLE_MAX && !people.contains(&credit.person.id) {
            people.push(credit.person.id.clone());
        }
    }
    people
}
