//! Who still calls what is going away: counted around the handlers, by app, operation and day (UTC), for the portal and for
//! operators.
//!
//! Only operations that are announced are counted, so where nothing is going away this costs nothing. An app is known by the
//! key or token of the call, a developer's call counts for the app in its path. Counted in memory and written now and then, as
//! figures of use are; a kill loses those few seconds. Calls of nobody we know count for nobody.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::StatusCode;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::Partners;
use crate::admission;

/// Below this are the paths of a developer's app.
const APPS: &str = "/partner/v1/apps/";
/// Apps, operations and days counted before they are written; more are not counted until then.
const COUNTED_MAX: usize = 50_000;

/// Days looked back, today included.
const DAYS: i32 = 30;

/// The first day that is looked at, as `2027-01-15`; what was before is forgotten.
pub(crate) fn first_day(now: Timestamp) -> String {
    now.to_zoned(TimeZone::UTC).date().saturating_sub((DAYS - 1).days()).to_string()
}

/// Calls of one operation by one app on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Calls {
    pub(crate) app_id: String,
    /// `2027-01-15`.
    pub(crate) day: String,
    /// By its id in the contract.
    pub(crate) operation: String,
    pub(crate) count: i64,
}

/// What was counted and is not written yet.
#[derive(Debug, Default)]
pub(crate) struct Callers(Mutex<HashMap<(String, String, String), i64>>);

impl Callers {
    fn count(&self, calls: Calls) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (calls.app_id, calls.day, calls.operation);
        if counted.len() < COUNTED_MAX || counted.contains_key(&key) {
            *counted.entry(key).or_default() += calls.count;
        }
    }

    /// Everything that was not written yet.
    pub(crate) fn take(&self) -> Vec<Calls> {
        let counted = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let made = |((app_id, day, operation), count)| Calls { app_id, day, operation, count };
        counted.into_iter().map(made).collect()
    }

    /// Puts back what could not be written.
    pub(crate) fn give_back(&self, all: Vec<Calls>) {
        for calls in all {
            self.count(calls);
        }
    }
}

/// The layer, for `axum::middleware::from_fn_with_state`: inside of the one that announces.
pub(crate) async fn count(State(partners): State<Arc<Partners>>, request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let Some(operation) = matched.and_then(|path| partners.announced.operation(request.method(), &path)) else {
        return next.run(request).await;
    };
    let path = request.uri().path();
    let developers = path.strip_prefix(APPS).map(|rest| rest.split('/').next().unwrap_or_default().to_owned());
    let headers = request.headers().clone();
    let response = next.run(request).await;
    let app_id = match developers {
        // Whose app it is was looked at on the way: who is not its developer counts for nobody.
        Some(_) if matches!(response.status(), StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND) => None,
        Some(app_id) => Some(app_id),
        None => admission::known(&partners, &headers).await.ok().map(|app| app.id),
    };
    if let Some(app_id) = app_id {
        let day = admission::day_of(partners.clock.now());
        partners.callers.count(Calls { app_id, day, operation, count: 1 });
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(app: &str, count: i64) -> Calls {
        Calls { app_id: app.to_owned(), day: "2027-01-15".to_owned(), operation: "list_titles".to_owned(), count }
    }

    #[test]
    fn a_month_is_looked_back() {
        assert_eq!(first_day("2027-01-30T08:00:00Z".parse().expect("a time")), "2027-01-01");
    }

    #[test]
    fn calls_add_up_are_handed_over_once_and_can_be_given_back() {
        let callers = Callers::default();
        callers.count(calls("a", 1));
        callers.count(calls("a", 1));
        let taken = callers.take();
        assert_eq!(taken, [calls("a", 2)]);
        assert!(callers.take().is_empty());
        callers.give_back(taken);
        callers.count(calls("a", 1));
        assert_eq!(callers.take(), [calls("a", 3)]);
    }
}
