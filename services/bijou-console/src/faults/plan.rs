//! What may be broken: a request for a fault becomes a plan, or is refused with what is wrong.

use std::num::NonZeroU32;
use std::time::Duration;

use bijou_client::{FaultKind, FaultPlace};
use bijou_problem::Problem;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who acts faults out. Not the registry, which nobody asks during a request, and not the console, which ends them.
pub const ROLES: [&str; 7] = ["gateway", "identity", "profiles", "catalog", "recommendations", "playback", "partners"];

/// Longest delay: nobody waits longer for an answer.
const DELAY_MS_MAX: u64 = 30_000;

/// Section `[console.faults]`.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct FaultLimits {
    /// Largest share of the requests at one place, in percent.
    pub percent_max: u8,
    /// Longest time.
    pub duration_s_max: u64,
}

/// What to break, where, for whom and how long.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConsoleNewFault)]
pub struct NewFault {
    /// What happens: `delay` (needs `delay_ms`), `abort` (needs `status`) or `limit` (needs `per_second`).
    pub kind: NewKind,
    /// Milliseconds, 1 to 30000.
    pub delay_ms: Option<u64>,
    /// 400 to 599.
    pub status: Option<u16>,
    /// Requests a second and instance that still pass.
    pub per_second: Option<u32>,
    /// Id of a route of the gateway. Either this or `to`.
    pub route: Option<String>,
    /// The calling role, with `to`; absent for every caller.
    pub from: Option<String>,
    /// The called role.
    #[schema(example = "catalog")]
    pub to: Option<String>,
    /// Share of the requests there, in percent from 1.
    pub percent: u8,
    /// Only the requests of this share of all accounts, always the same ones, in percent from 1.
    pub accounts_percent: Option<u8>,
    /// It ends after so many seconds.
    pub duration_s: u64,
    /// Recorded in the audit.
    pub reason: String,
}

/// What happens to a request that is struck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ConsoleFaultKind)]
pub enum NewKind {
    Delay,
    Abort,
    Limit,
}

/// A fault that may be put in.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultPlan {
    pub does: FaultKind,
    pub at: FaultPlace,
    pub percent: u8,
    pub accounts_percent: Option<u8>,
    pub lasts: Duration,
}

/// Why a fault is not put in.
#[derive(Debug, Clone, PartialEq)]
pub enum Refused {
    Invalid { member: &'static str, wants: String },
    ShareTooLarge { percent: f64, percent_max: u8 },
    TooLong { duration_s: u64, duration_s_max: u64 },
    TooMany { max: usize },
}

impl FaultPlan {
    /// The plan, when it is complete and within the limits.
    pub fn of(new: &NewFault, limits: &FaultLimits) -> Result<Self, Refused> {
        let plan = Self {
            does: does(new)?,
            at: place(new)?,
            percent: share("percent", new.percent)?,
            accounts_percent: new.accounts_percent.map(|percent| share("accounts_percent", percent)).transpose()?,
            lasts: Duration::from_secs(new.duration_s),
        };
        if !(1..=limits.duration_s_max).contains(&new.duration_s) {
            return Err(Refused::TooLong { duration_s: new.duration_s, duration_s_max: limits.duration_s_max });
        }
        check_share(plan.share(), limits)?;
        Ok(plan)
    }

    /// Where it is, as the audit names it.
    pub fn place(&self) -> String {
        match &self.at {
            FaultPlace::Route { route } => format!("route:{route}"),
            FaultPlace::Edge { from, to } => format!("{}->{to}", from.as_deref().unwrap_or("*")),
        }
    }

    /// Share of all requests at the place, in percent.
    pub fn share(&self) -> f64 {
        f64::from(self.percent) * f64::from(self.accounts_percent.unwrap_or(100)) / 100.0
    }
}

/// Whether so much may be broken at one place.
pub fn check_share(percent: f64, limits: &FaultLimits) -> Result<(), Refused> {
    if percent <= f64::from(limits.percent_max) {
        return Ok(());
    }
    Err(Refused::ShareTooLarge { percent, percent_max: limits.percent_max })
}

fn does(new: &NewFault) -> Result<FaultKind, Refused> {
    let wants = |member, wants: &str| Refused::Invalid { member, wants: wants.to_owned() };
    match (new.kind, new.delay_ms, new.status, new.per_second) {
        (NewKind::Delay, Some(ms @ 1..=DELAY_MS_MAX), None, None) => Ok(FaultKind::Delay { ms }),
        (NewKind::Delay, ..) => Err(wants("delay_ms", "1 to 30000, and neither `status` nor `per_second`")),
        (NewKind::Abort, None, Some(status @ 400..=599), None) => Ok(FaultKind::Abort { status }),
        (NewKind::Abort, ..) => Err(wants("status", "400 to 599, and neither `delay_ms` nor `per_second`")),
        (NewKind::Limit, None, None, Some(count)) => NonZeroU32::new(count)
            .map(|per_second| FaultKind::Limit { per_second })
            .ok_or_else(|| wants("per_second", "1 or more; to let nothing pass, abort")),
        (NewKind::Limit, ..) => Err(wants("per_second", "1 or more, and neither `delay_ms` nor `status`")),
    }
}

fn place(new: &NewFault) -> Result<FaultPlace, Refused> {
    let role = |member, role: &str| {
        let known = ROLES.iter().find(|known| **known == role);
        let wants = || Refused::Invalid { member, wants: format!("one of {}", ROLES.join(", ")) };
        known.map(|known| (*known).to_owned()).ok_or_else(wants)
    };
    match (&new.route, &new.from, &new.to) {
        (Some(route), None, None) if (1..=100).contains(&route.len()) => Ok(FaultPlace::Route { route: route.clone() }),
        (None, from, Some(to)) => {
            let from = from.as_deref().map(|from| role("from", from)).transpose()?;
            Ok(FaultPlace::Edge { from, to: role("to", to)? })
        }
        _ => Err(Refused::Invalid {
            member: "route",
            wants: "either a route's id, or `to` with or without `from`".to_owned(),
        }),
    }
}

fn share(member: &'static str, percent: u8) -> Result<u8, Refused> {
    let wants = || Refused::Invalid { member, wants: "1 to 100".to_owned() };
    (1..=100).contains(&percent).then_some(percent).ok_or_else(wants)
}

impl Refused {
    /// What the operator is told.
    pub fn problem(&self) -> Problem {
        let unprocessable =
            |code, title: &'static str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code).title(title);
        match self {
            Self::Invalid { member, wants } => unprocessable("fault-invalid", "That is no fault that can be put in")
                .detail(format!("`{member}` takes {wants}")),
            Self::ShareTooLarge { percent, percent_max } => unprocessable("fault-too-large", "That would break too much")
                .detail(format!(
                    "{percent} % of the requests there would be struck, with what runs already; `console.faults.percent_max` \
                     allows {percent_max} %. Take a smaller `percent`, or fewer accounts."
                ))
                .with("percent_max", *percent_max),
            Self::TooLong { duration_s, duration_s_max } => unprocessable("fault-too-long", "That would last too long")
                .detail(format!("`duration_s` is {duration_s}; `console.faults.duration_s_max` allows 1 to {duration_s_max}"))
                .with("duration_s_max", *duration_s_max),
            Self::TooMany { max } => Problem::new(StatusCode::CONFLICT, "too-many-faults")
                .title("There are enough faults already")
                .detail(format!("{max} may run at the same time; stop one first")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: FaultLimits = FaultLimits { percent_max: 50, duration_s_max: 900 };

    fn abort() -> NewFault {
        NewFault {
            kind: NewKind::Abort,
            delay_ms: None,
            status: Some(503),
            per_second: None,
            route: None,
            from: None,
            to: Some("catalog".to_owned()),
            percent: 50,
            accounts_percent: None,
            duration_s: 900,
            reason: "a drill".to_owned(),
        }
    }

    #[track_caller]
    fn check(new: NewFault, code: Option<&str>) {
        let found = FaultPlan::of(&new, &LIMITS).err().map(|refused| refused.problem().code.to_string());
        assert_eq!(found.as_deref(), code, "{new:?}");
    }

    #[test]
    fn share_and_time_have_a_limit() {
        check(abort(), None);
        check(NewFault { percent: 51, ..abort() }, Some("fault-too-large"));
        check(NewFault { percent: 100, accounts_percent: Some(50), ..abort() }, None);
        check(NewFault { percent: 100, accounts_percent: Some(51), ..abort() }, Some("fault-too-large"));
        check(NewFault { duration_s: 901, ..abort() }, Some("fault-too-long"));
        check(NewFault { duration_s: 0, ..abort() }, Some("fault-too-long"));
        check(NewFault { percent: 0, ..abort() }, Some("fault-invalid"));
    }

    #[test]
    fn a_kind_needs_its_number_and_no_other() {
        check(NewFault { kind: NewKind::Delay, status: None, delay_ms: Some(200), ..abort() }, None);
        check(NewFault { kind: NewKind::Delay, delay_ms: Some(200), ..abort() }, Some("fault-invalid"));
        check(NewFault { kind: NewKind::Limit, status: None, per_second: Some(5), ..abort() }, None);
        check(NewFault { kind: NewKind::Limit, status: None, per_second: Some(0), ..abort() }, Some("fault-invalid"));
        check(NewFault { status: Some(200), ..abort() }, Some("fault-invalid"));
    }

    #[test]
    fn a_place_is_a_route_or_an_edge_between_roles_that_can_be_broken() {
        check(NewFault { from: Some("playback".to_owned()), ..abort() }, None);
        check(NewFault { route: Some("titles".to_owned()), to: None, ..abort() }, None);
        check(NewFault { route: Some("titles".to_owned()), ..abort() }, Some("fault-invalid"));
        check(NewFault { to: None, ..abort() }, Some("fault-invalid"));
        check(NewFault { to: Some("console".to_owned()), ..abort() }, Some("fault-invalid"));
        check(NewFault { to: Some("registry".to_owned()), ..abort() }, Some("fault-invalid"));
    }
}
