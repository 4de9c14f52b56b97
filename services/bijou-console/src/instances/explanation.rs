//! What would happen to a request: the question, and a gateway's answer as it is passed on.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Question {
    /// The method.
    #[param(example = "GET")]
    pub method: String,
    /// A path with its query, or a whole address when the host matters.
    #[param(example = "/v1/titles")]
    pub url: String,
    /// `nobody` (the default), `viewer`, `operator`, `partner`, or the id of an account that watches.
    #[serde(rename = "as")]
    pub who: Option<String>,
    /// The client's address, for rate limits; loopback when absent.
    #[param(value_type = Option<String>, example = "127.0.0.1")]
    pub client: Option<IpAddr>,
}

/// What would happen to a request.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = ConsoleExplanation)]
pub struct Explanation {
    method: String,
    /// Empty when the address names none: routes for certain hosts do not match then.
    host: String,
    /// As it is matched and forwarded.
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    route: Option<RouteFound>,
    /// Routes with the same beginning that do not match, or less well.
    others: Vec<OtherRoute>,
    /// In their order.
    filters: Vec<FilterVerdict>,
    /// Instances as each worker of the gateway sees them, the best first; none when the request does not come so far.
    candidates: Vec<Candidate>,
    /// How many stay in the gateway's zone; absent where it has none, and where instances are given by address.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    zones: Option<Zones>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    upstream: Option<Upstream>,
    answered_by: AnsweredBy,
    /// Of the gateway's refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    status: Option<u16>,
    /// Of the refusal's problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    code: Option<String>,
}

/// Who answers.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[schema(as = ConsoleAnsweredBy)]
#[serde(rename_all = "kebab-case")]
pub enum AnsweredBy {
    Instance,
    Gateway,
    /// The viewer app.
    App,
}

/// The route that matches.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = ConsoleRouteFound)]
pub struct RouteFound {
    id: String,
    application: String,
    why: String,
}

/// A route that does not.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = ConsoleRouteNotTaken)]
pub struct OtherRoute {
    id: String,
    why_not: String,
}

/// What a filter would say.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = ConsoleFilterVerdict)]
pub struct FilterVerdict {
    filter: String,
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    why: Option<String>,
}

/// Whether a filter lets it pass.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[schema(as = ConsoleVerdict)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Passes,
    Refuses,
    /// Only asking would tell.
    Depends,
    /// One before it refuses.
    NotReached,
}

/// An instance as one worker sees it.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = ConsoleCandidate)]
pub struct Candidate {
    instance_id: String,
    address: String,
    /// Absent while no worker has met it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    worker: Option<usize>,
    /// `probation`, `healthy`, `suspect` or `tripped`: the last gets nothing while there are others.
    state: String,
    /// Lower is better.
    score: f32,
    in_flight: u32,
    /// As the instance says itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    zone: Option<String>,
    /// `same-zone`, `other-zone` or `unknown-zone`; absent where the gateway has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    locality: Option<String>,
}

/// What the gateway's zone means for a request.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = ConsoleZones)]
pub struct Zones {
    /// The gateway's own.
    own: String,
    /// The part of requests that stays in it, from 0 to 1, unless an instance there is much busier than one elsewhere.
    share: f32,
    why: String,
}

/// What would be sent to the chosen one.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = ConsoleUpstream)]
pub struct Upstream {
    request: String,
    passport_audience: Vec<String>,
    deadline_ms: u64,
    attempt_ms: u64,
    attempts_max: u32,
    /// Whether an attempt may be repeated after something of it was sent.
    repeats_sent: bool,
}
