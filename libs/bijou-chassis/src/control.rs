//! What the console may ask and change of a running role, under `/-/`: its settings, its log level, whether it takes
//! part, and a restart (faults: `faults.rs`). For passports of `service:console` only.
//!
//! Nothing here outlives the process, and a changed log level falls back by itself: a console that forgets, or is gone,
//! leaves no instance in a state that its configuration does not say. Taking an instance out does last until somebody
//! puts it back or restarts it, and `/readyz` says so.
//!
//! Who may ask the console, and what is recorded, is the console's business.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post, put};
use bijou_config::Layered;
use bijou_problem::Problem;
use bijou_telemetry::{LogSettings, Logging};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::extract::{Caller, Json};
use crate::lifecycle::PhaseCell;
use crate::readiness::{Condition, Readiness};
use crate::settings::Limits;
use crate::{Bootstrap, Reject};

/// Who may ask.
const CONSOLE: &str = "console";

/// Longest time a log level may last.
const LEVEL_FOR_MAX: Duration = Duration::from_hours(1);

/// Sections that every role reads, besides its own.
const COMMON: [&str; 5] = ["data", "log", "telemetry", "stop", "demo"];

/// What every role reads of the registry's section; the rest, its callers' passwords among it, is the registry's.
const OF_REGISTRY: [&str; 5] =
    ["registry.url", "registry.zone", "registry.client.ca", "registry.client.certificate", "registry.client.key"];

/// The handle to a running role. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Control(Arc<Inner>);

struct Inner {
    role: &'static str,
    instance_id: Arc<str>,
    version: &'static str,
    supervised: bool,
    /// Whether the log level is that of other roles, too.
    one_process: bool,
    settings: Layered,
    readiness: Readiness,
    phase: PhaseCell,
    /// Of roles that let the chassis admit requests.
    room: Option<Room>,
    logging: Logging,
    level: Mutex<Level>,
    /// Made when it is taken out for the first time.
    taken_out: OnceLock<Condition>,
    restart: CancellationToken,
}

/// The bounds of a role, and the places for requests in flight.
#[derive(Clone)]
pub(crate) struct Room {
    pub(crate) limits: Limits,
    pub(crate) places: Arc<Semaphore>,
}

/// The log level that was asked for, if any.
#[derive(Default)]
struct Level {
    ends: Option<Instant>,
    /// Tells a fallback whether the level it was made for is still the one in force.
    changes: u64,
}

#[derive(Serialize)]
struct StatusView {
    role: &'static str,
    instance_id: Arc<str>,
    version: &'static str,
    phase: &'static str,
    supervised: bool,
    drained: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<LimitsView>,
    log: LevelView,
}

#[derive(Serialize)]
struct LimitsView {
    /// Requests worked on now, this one included.
    in_flight: usize,
    in_flight_max: usize,
    body_bytes_max: usize,
    deadline_ms: u64,
}

#[derive(Serialize)]
struct LevelView {
    level: String,
    configured: String,
    /// Milliseconds until it falls back.
    #[serde(skip_serializing_if = "Option::is_none")]
    falls_back_in_ms: Option<u64>,
    /// Whether other roles of the same process change with it.
    process_wide: bool,
}

#[derive(Serialize)]
struct SettingView {
    path: String,
    value: String,
    origin: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLevel {
    level: String,
    duration_s: u64,
}

impl Control {
    pub(crate) fn new(
        bootstrap: &Bootstrap,
        readiness: Readiness,
        phase: PhaseCell,
        room: Option<Room>,
        logging: Logging,
        restart: CancellationToken,
    ) -> Self {
        Self(Arc::new(Inner {
            role: bootstrap.role,
            instance_id: bootstrap.instance_id.as_str().into(),
            version: bootstrap.version,
            supervised: bootstrap.supervised,
            one_process: bootstrap.one_process,
            settings: bootstrap.settings.clone(),
            readiness,
            phase,
            room,
            logging,
            level: Mutex::default(),
            taken_out: OnceLock::new(),
            restart,
        }))
    }

    /// Whether an operator has taken the instance out.
    pub(crate) fn is_drained(&self) -> bool {
        let report = self.0.readiness.report();
        report.checks.iter().any(|check| check.name == "operator" && !check.ready)
    }

    fn status(&self) -> StatusView {
        let Inner { role, instance_id, version, phase, supervised, room, .. } = &*self.0;
        StatusView {
            role,
            instance_id: Arc::clone(instance_id),
            version,
            phase: phase.get().name(),
            supervised: *supervised,
            drained: self.is_drained(),
            limits: room.as_ref().map(|Room { limits, places }| LimitsView {
                in_flight: limits.in_flight_max.saturating_sub(places.available_permits()),
                in_flight_max: limits.in_flight_max,
                body_bytes_max: limits.body_bytes_max,
                deadline_ms: limits.deadline_ms,
            }),
            log: self.level(),
        }
    }

    fn level(&self) -> LevelView {
        let ends = self.0.level.lock().expect("nothing panics while it is held").ends;
        LevelView {
            level: self.0.logging.level(),
            configured: self.configured_level(),
            falls_back_in_ms: ends.map(|ends| ends.saturating_duration_since(Instant::now()).as_millis() as u64),
            process_wide: self.0.one_process,
        }
    }

    fn configured_level(&self) -> String {
        // It was read when the role started.
        self.0.settings.section::<LogSettings>("log").map(|log| log.level).unwrap_or_default()
    }

    fn set_level(&self, level: &str, lasts: Duration) -> Result<(), Reject> {
        self.0.logging.set_level(level).map_err(|error| level_unknown(level).because(error))?;
        let changes = {
            let mut state = self.0.level.lock().expect("nothing panics while it is held");
            state.ends = Some(Instant::now() + lasts);
            state.changes += 1;
            state.changes
        };
        warn!(bijou.log_level = level, lasts_s = lasts.as_secs(), "the log level is `{level}` now, for a while");
        let control = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(lasts).await;
            control.fall_back(changes);
        });
        Ok(())
    }

    /// Back to the configured level, unless another one was asked for meanwhile.
    fn fall_back(&self, changes: u64) {
        {
            let mut state = self.0.level.lock().expect("nothing panics while it is held");
            if state.changes != changes {
                return;
            }
            state.ends = None;
        }
        let level = self.configured_level();
        if self.0.logging.set_level(&level).is_ok() {
            info!(bijou.log_level = level, "the log level is `{level}` again");
        }
    }

    fn drain(&self) {
        let first = || self.0.readiness.condition("operator", TAKEN_OUT);
        self.0.taken_out.get_or_init(first).not_ready(TAKEN_OUT);
        warn!("taken out by an operator: nobody is sent here any more");
    }

    fn undrain(&self) {
        if let Some(condition) = self.0.taken_out.get() {
            condition.ready();
            info!("put back by an operator");
        }
    }
}

/// What `/readyz` says of an instance that was taken out.
const TAKEN_OUT: &str = "an operator has taken this instance out";

/// The endpoints for a role with a runner of its own, which checks who asks and puts the [`Caller`] into the request.
/// Without taking it out: what stands before other roles cannot be seen by the chassis. `restart` is cancelled to end it.
pub fn routes_of_runner(bootstrap: &Bootstrap, logging: Logging, restart: CancellationToken) -> Router {
    let control = Control::new(bootstrap, Readiness::new(), PhaseCell::serving(), None, logging, restart);
    common(control)
}

pub(crate) fn routes(control: Control) -> Router {
    let drain = Router::new().route("/-/drain", put(put_drain).delete(delete_drain));
    drain.with_state(control.clone()).merge(common(control))
}

fn common(control: Control) -> Router {
    Router::new()
        .route("/-/status", get(get_status))
        .route("/-/config", get(get_config))
        .route("/-/log-level", put(put_level))
        .route("/-/restart", post(restart))
        .with_state(control)
}

async fn get_status(State(control): State<Control>, caller: Caller) -> Result<Json<StatusView>, Reject> {
    require_console(&caller)?;
    Ok(Json(control.status()))
}

/// The settings this role reads; those of others say nothing about it.
async fn get_config(State(control): State<Control>, caller: Caller) -> Result<Json<Vec<SettingView>>, Reject> {
    require_console(&caller)?;
    let sections = COMMON.into_iter().chain([control.0.role]);
    let settings = sections.flat_map(|section| control.0.settings.settings(section));
    let of_registry = control.0.settings.settings("registry").into_iter();
    let of_registry = of_registry.filter(|setting| OF_REGISTRY.contains(&setting.path.as_str()));
    let view = |setting: bijou_config::Setting| SettingView {
        path: setting.path,
        value: setting.value,
        origin: setting.origin.to_string(),
    };
    Ok(Json(settings.chain(of_registry).map(view).collect()))
}

async fn put_level(
    State(control): State<Control>,
    caller: Caller,
    Json(new): Json<NewLevel>,
) -> Result<Json<StatusView>, Reject> {
    require_console(&caller)?;
    let lasts = Duration::from_secs(new.duration_s);
    if lasts.is_zero() || lasts > LEVEL_FOR_MAX {
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "duration-refused")
            .title("A log level lasts for a second to an hour")
            .detail(format!("`duration_s` is {}; 1 to {} are accepted", new.duration_s, LEVEL_FOR_MAX.as_secs()));
        return Err(Reject::new(problem));
    }
    if !is_level(&new.level) {
        return Err(level_unknown(&new.level));
    }
    control.set_level(&new.level, lasts)?;
    Ok(Json(control.status()))
}

async fn put_drain(State(control): State<Control>, caller: Caller) -> Result<Json<StatusView>, Reject> {
    require_console(&caller)?;
    control.drain();
    Ok(Json(control.status()))
}

async fn delete_drain(State(control): State<Control>, caller: Caller) -> Result<Json<StatusView>, Reject> {
    require_console(&caller)?;
    control.undrain();
    Ok(Json(control.status()))
}

async fn restart(State(control): State<Control>, caller: Caller) -> Result<StatusCode, Reject> {
    require_console(&caller)?;
    if !control.0.supervised {
        let problem = Problem::new(StatusCode::CONFLICT, "not-supervised")
            .title("Nobody would start this instance again")
            .detail("It does not run under `bijou up`: whoever started it has to restart it.");
        return Err(Reject::new(problem));
    }
    warn!("restarted by an operator");
    // The answer leaves first: the stop lets requests in flight finish, this one among them.
    control.0.restart.cancel();
    Ok(StatusCode::ACCEPTED)
}

pub(crate) fn require_console(caller: &Caller) -> Result<(), Reject> {
    if caller.service() == Some(CONSOLE) {
        return Ok(());
    }
    let problem = Problem::new(StatusCode::FORBIDDEN, "console-only").title("Only the console may ask for this");
    Err(Reject::new(problem))
}

/// Whether every part is a level, alone or of a target. The filter itself would take `inof` for the name of a target.
fn is_level(text: &str) -> bool {
    let is_one = |level: &str| {
        ["off", "error", "warn", "info", "debug", "trace"].iter().any(|known| level.eq_ignore_ascii_case(known))
    };
    let is_part = |part: &str| match part.split_once('=') {
        Some((target, level)) => !target.is_empty() && is_one(level),
        None => is_one(part),
    };
    text.split(',').all(is_part)
}

fn level_unknown(level: &str) -> Reject {
    let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "log-level-unknown")
        .title("That is no log level")
        .detail(format!("`{level}` is not understood; examples: `info`, `debug`, `info,bijou_catalog=debug`"));
    Reject::new(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: bool) {
        assert_eq!(is_level(text), expected, "{text}");
    }

    #[test]
    fn a_level_is_a_word_alone_or_behind_a_target() {
        check("info", true);
        check("info,bijou_catalog=debug", true);
        check("inof", false);
        check("bijou_catalog", false);
        check("info,", false);
        check("=debug", false);
    }
}
