//! Finished requests: the list, and the story of one.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::State;
use bijou_chassis::{Json, Path, Query, Reject};
use bijou_problem::Problem;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Operator;
use super::asked::{moment, not_accepted, trace_id};
use crate::domain::memory::{Place, Statuses, Wanted};
use crate::domain::story::{Outcome, Request, Story};
use crate::domain::tell;

/// Requests on a page, unless asked otherwise, and at most.
const LIMIT: usize = 50;
const LIMIT_MAX: usize = 200;

/// What to show of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// At most so many, up to 200.
    limit: Option<usize>,
    /// The `next` of the page before.
    before: Option<String>,
    /// Only those that ended so.
    #[param(value_type = Option<String>)]
    outcome: Option<Outcome>,
    /// Only those that reached this role.
    role: Option<String>,
    /// Only those whose path contains this.
    path: Option<String>,
    /// Only those whose route contains this.
    route: Option<String>,
    /// Only the one with this trace id or request id.
    id: Option<String>,
    /// Only those of this account.
    account: Option<String>,
    /// Only those answered with this status, or a class of them: `404`, `5xx`.
    status: Option<String>,
    /// Only those that took at least so many milliseconds.
    slower_than_ms: Option<f64>,
    /// Only those with all of these words in method, path, route, message, ids or account.
    q: Option<String>,
    /// Only those that started then or later, RFC 3339.
    since: Option<String>,
    /// Only those that started before, RFC 3339.
    until: Option<String>,
}

impl Filter {
    fn wanted(self) -> Result<Wanted, Reject> {
        let before = self.before.as_deref().map(str::parse::<Place>).transpose();
        let status = self.status.as_deref().map(str::parse::<Statuses>).transpose();
        Ok(Wanted {
            outcome: self.outcome,
            role: self.role,
            path: self.path,
            route: self.route,
            id: self.id,
            account: self.account,
            status: status.map_err(|_| not_accepted("status", "is neither a status nor a class such as `5xx`"))?,
            slower_than_ms: self.slower_than_ms,
            text: self.q,
            since_ns: moment("since", self.since.as_deref())?,
            until_ns: moment("until", self.until.as_deref())?,
            before: before.map_err(|_| not_accepted("before", "is not the `next` of another page"))?,
            limit: self.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX),
        })
    }
}

/// A page of finished requests, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleRequestList)]
pub struct RequestList {
    #[schema(value_type = Vec<Request>)]
    items: Vec<Arc<Request>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// List finished requests
///
/// From memory and, what is older, from disk. Every filter that is given has to hold. A page may be short, even empty, with
/// a `next`: then so much was looked at, and the search goes on from there.
#[utoipa::path(
    get, path = "/api/requests", tag = "requests", params(Filter),
    responses(
        (status = 200, description = "A page, newest first", body = RequestList),
        (status = 400, description = "A filter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The archive is away", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_requests(
    State(operator): State<Operator>,
    Query(filter): Query<Filter>,
) -> Result<Json<RequestList>, Reject> {
    let wanted = filter.wanted()?;
    let (remembered, next_remembered) = operator.shared.memory().list(&wanted);
    let (archived, next_archived) = operator.shared.archive().requests(&wanted).await.map_err(Reject::unavailable)?;
    let (items, next) = merged(remembered, next_remembered, archived, next_archived, wanted.limit);
    Ok(Json(RequestList { items, next: next.map(|place| place.to_string()) }))
}

/// Both lists as one, newest first; what is in both is told as the memory has it, which is never older.
fn merged(
    remembered: Vec<Arc<Request>>,
    next_remembered: Option<Place>,
    archived: Vec<Arc<Request>>,
    next_archived: Option<Place>,
    limit: usize,
) -> (Vec<Arc<Request>>, Option<Place>) {
    let known: HashSet<_> = remembered.iter().map(|request| request.id.clone()).collect();
    let mut items = remembered;
    items.extend(archived.into_iter().filter(|request| !known.contains(&request.id)));
    items.sort_by_key(|request| Reverse(Place::of(request)));
    // Behind where one of the lists ends early, the other may not be shown: the next page would leave out the first's.
    let ends = [next_remembered, next_archived].into_iter().flatten().max();
    if let Some(end) = ends {
        items.retain(|request| Place::of(request) >= end);
    }
    if items.len() > limit {
        items.truncate(limit);
        return (items.clone(), items.last().map(|last| Place::of(last)));
    }
    (items, ends)
}

/// Tell the story of a request
///
/// By trace id or by request id; from memory or, when it is older, from disk.
#[utoipa::path(
    get, path = "/api/requests/{id}", tag = "requests", params(("id" = String, Path, description = "Trace id or request id")),
    responses(
        (status = 200, description = "Its story", body = Story),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not remembered", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The archive is away", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn get_request(State(operator): State<Operator>, Path(id): Path<String>) -> Result<Json<Story>, Reject> {
    let remembered = operator.shared.memory().story(&id);
    if let Some(story) = remembered {
        return Ok(Json(story));
    }
    let archive = operator.shared.archive();
    let trace_id = match trace_id(&id) {
        Some(trace_id) => Some(trace_id),
        None => archive.trace_of(&id).await.map_err(Reject::unavailable)?,
    };
    if let Some(trace_id) = trace_id {
        let trace = archive.trace(trace_id).await.map_err(Reject::unavailable)?;
        if let Some(story) = tell::story(&trace, 1) {
            return Ok(Json(story));
        }
    }
    let problem = Problem::new(StatusCode::NOT_FOUND, "request-not-found")
        .title("This request is not remembered")
        .detail("Neither in memory nor on disk: it is older than both, or it was not traced, which under load only a part is.");
    Err(Reject::new(problem))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::home;

    fn request(number: u64) -> Arc<Request> {
        let told = tell::request(&home(), 1).expect("a request");
        Arc::new(Request { id: format!("{number:032x}"), start_ns: number, ..told })
    }

    #[track_caller]
    fn check(remembered: &[u64], archived: &[u64], next_archived: Option<u64>, expected: &[u64], more: bool) {
        let list = |numbers: &[u64]| numbers.iter().map(|number| request(*number)).collect::<Vec<_>>();
        let next_archived = next_archived.map(|number| Place::of(&request(number)));
        let (items, next) = merged(list(remembered), None, list(archived), next_archived, 3);
        assert_eq!(items.iter().map(|item| item.start_ns).collect::<Vec<_>>(), expected);
        assert_eq!(next, more.then(|| Place::of(&request(*expected.last().expect("not empty")))));
    }

    #[test]
    fn memory_and_disk_are_one_list_without_anything_twice() {
        check(&[9, 8], &[8, 7], None, &[9, 8, 7], false);
        check(&[9, 8], &[8, 7, 6], Some(6), &[9, 8, 7], true);
        check(&[], &[3, 2], None, &[3, 2], false);
        // The disk was only looked at down to 8: what the memory has below waits for the next page.
        check(&[9, 5], &[8], Some(8), &[9, 8], true);
    }
}
