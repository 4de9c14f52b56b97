//! Asking one instance about itself and changing it, by the chassis' endpoints under `/-/` of its own listener.
//!
//! The gateway answers them on its admin listener, but cannot be taken out. The registry has none; nor have other people's
//! programs.

use std::time::Duration;

use bijou_chassis::Reject;
use bijou_client::{CallContext, CallError, Client, FaultHits, FaultSheet, RequestBuilder, Target};
use bijou_eureka::{Discovery, Endpoint};
use bijou_problem::Problem;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::explanation::{Explanation, Question};

/// Metadata of an instance that has a listener for operators' tools.
pub const ADMIN_PORT: &str = "bijou.admin-port";

/// How long an instance may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long it may take to take faults: others are waiting to be told, too.
const SHEET_PATIENCE: Duration = Duration::from_secs(1);

/// How an instance runs, by its own words.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[schema(as = ConsoleInstanceState)]
pub struct State {
    pub version: String,
    /// `starting`, `serving`, `draining`, `finishing`, `closing`.
    pub phase: String,
    /// Whether it is started again when it ends, so that it may be restarted from here.
    pub supervised: bool,
    /// Whether an operator has taken it out.
    pub drained: bool,
    /// Absent where the chassis does not admit requests: the gateway has filters for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub limits: Option<Limits>,
    pub log: Level,
}

#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[schema(as = ConsoleInstanceLimits)]
pub struct Limits {
    /// Requests worked on now, the console's own included.
    pub in_flight: u64,
    pub in_flight_max: u64,
    pub body_bytes_max: u64,
    pub deadline_ms: u64,
}

#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[schema(as = ConsoleLogLevel)]
#[expect(clippy::struct_field_names, reason = "the member's name in the answer")]
pub struct Level {
    pub level: String,
    /// What it falls back to.
    pub configured: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub falls_back_in_ms: Option<u64>,
    /// Whether other roles of the same process change with it.
    pub process_wide: bool,
}

/// A setting in force.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[schema(as = ConsoleSetting)]
pub struct Setting {
    pub path: String,
    /// As TOML writes it; secrets as stars.
    pub value: String,
    /// `default`, a file with its line, an environment variable, or a flag.
    pub origin: String,
}

/// A log level for a while.
#[derive(Debug, Serialize)]
pub struct NewLevel<'a> {
    pub level: &'a str,
    pub duration_s: u64,
}

/// The way to one instance.
pub struct Instance {
    target: Target,
}

impl Instance {
    /// The instance as discovery knows it, or 404.
    pub fn find(client: &Client, discovery: &Discovery, app: &str, instance_id: &str) -> Result<Self, Reject> {
        let snapshot = discovery.snapshot();
        let endpoint = snapshot.instance(app, instance_id).ok_or_else(not_found)?;
        Ok(Self::of(client, endpoint))
    }

    /// The instance behind this endpoint.
    pub fn of(client: &Client, endpoint: &Endpoint) -> Self {
        // The gateway has a listener of its own for such things; what it serves to the world must not answer them.
        let admin = endpoint.metadata.get(ADMIN_PORT).and_then(|port| port.parse().ok());
        let mut endpoint = Endpoint::clone(endpoint);
        endpoint.addr.set_port(admin.unwrap_or(endpoint.addr.port()));
        Self { target: client.to_instance(&endpoint) }
    }

    /// What would happen to a request, by a gateway's words.
    pub async fn explain(&self, question: &Question) -> Result<Explanation, Reject> {
        let Question { method, url, who, client } = question;
        let request = self.target.get("/-/explain").query("method", method).query("url", url);
        self.read(request.query_if("as", who.as_ref()).query_if("client", client.as_ref())).await
    }

    /// The faults to act out from now on; how many requests each has struck there.
    pub async fn put_faults(&self, sheet: &FaultSheet) -> Result<Vec<FaultHits>, CallError> {
        let call = CallContext::service();
        // Once: the next sheet is a second away.
        let request = self.target.put("/-/faults").json(sheet).context(&call).idempotent(false);
        request.attempt_timeout(SHEET_PATIENCE).send_json().await
    }

    /// How it runs.
    pub async fn state(&self) -> Result<State, Reject> {
        self.read(self.target.get("/-/status")).await
    }

    /// Every setting it reads.
    pub async fn settings(&self) -> Result<Vec<Setting>, Reject> {
        self.read(self.target.get("/-/config")).await
    }

    /// Another log level, for a while.
    pub async fn set_level(&self, new: &NewLevel<'_>) -> Result<State, Reject> {
        self.read(self.target.put("/-/log-level").json(new)).await
    }

    /// Takes it out.
    pub async fn drain(&self) -> Result<State, Reject> {
        self.read(self.target.put("/-/drain")).await
    }

    /// Puts it back.
    pub async fn undrain(&self) -> Result<State, Reject> {
        self.read(self.target.delete("/-/drain")).await
    }

    /// Ends it, for whoever supervises it to start it again.
    pub async fn restart(&self) -> Result<(), Reject> {
        send(self.target.post("/-/restart")).await.map(drop)
    }

    async fn read<T: serde::de::DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Reject> {
        send(request).await?.json().map_err(unreachable)
    }
}

async fn send(request: RequestBuilder) -> Result<bijou_client::Response, Reject> {
    let call = CallContext::service();
    let sent = request.context(&call).attempt_timeout(PATIENCE).send().await.and_then(bijou_client::Response::success);
    sent.map_err(|error| match error {
        CallError::Problem { status: StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED, .. } => {
            let problem = Problem::new(StatusCode::CONFLICT, "instance-not-controllable")
                .title("This instance cannot be asked or changed from here")
                .detail("It has no such endpoint: the gateway is not taken out, the registry and other programs have none at all.");
            Reject::new(problem).because(error)
        }
        // What the instance itself does not accept is the operator's to know.
        CallError::Problem { status: StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY, problem, .. } => {
            Reject::new(*problem)
        }
        other => unreachable(other),
    })
}

fn unreachable(error: CallError) -> Reject {
    let problem = Problem::new(StatusCode::BAD_GATEWAY, "instance-unreachable")
        .title("The instance does not answer as it should")
        .detail("Nothing is known about whether it did what it was asked.");
    Reject::new(problem).because(error)
}

/// 404 `instance-not-found`.
pub fn not_found() -> Reject {
    let problem = Problem::new(StatusCode::NOT_FOUND, "instance-not-found")
        .title("There is no such instance")
        .detail("The registry does not list it; it may have gone meanwhile.");
    Reject::new(problem)
}
