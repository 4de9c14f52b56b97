//! Faults that operators put in on purpose: told by the console at `/-/faults`, acted out here, before the service is
//! asked. What lies in front (token, limits) stays as it is: a fault breaks the platform, not its rules.
//!
//! On the console's map a request answered here is one that the service answered: it is put in to be seen there.

use std::time::Instant;

use bijou_client::{FaultEffect, Spot};
use http::StatusCode;
use rand::RngExt;

use crate::failure::Failure;
use crate::filter::{InboundFilter, Step, Verdict};
use crate::forward::count_attempt;
use crate::transit::Transit;

#[derive(Debug)]
pub(super) struct SufferFaults;

impl InboundFilter for SufferFaults {
    fn name(&self) -> &'static str {
        "faults"
    }

    fn inbound<'a>(&'a self, transit: &'a mut Transit) -> Step<'a> {
        if !transit.worker.shared.faults.is_any() {
            return Step::CONTINUE;
        }
        let Some(route) = transit.route() else { return Step::CONTINUE };
        let account = transit.identity().and_then(|identity| identity.account.as_deref());
        let spot = Spot { route: Some(&route.id), from: "gateway", to: route.target.name(), account };
        let dice = || transit.worker.rng.borrow_mut().random();
        let Some(strike) = transit.worker.shared.faults.strike(spot, Instant::now(), dice) else {
            return Step::CONTINUE;
        };
        let fault = strike.id.to_string();
        transit.note("fault", fault.clone());
        match strike.effect {
            FaultEffect::Wait(time) => {
                let time = time.min(transit.deadline().remaining(Instant::now()));
                Step::Wait(Box::pin(async move {
                    tokio::time::sleep(time).await;
                    Verdict::Continue
                }))
            }
            FaultEffect::Answer(status) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
                count_attempt(transit, None, status.is_server_error());
                Step::answer(Failure::FaultInjected { status, fault, retry_after: None })
            }
            FaultEffect::Limit(retry_after) => {
                let status = StatusCode::TOO_MANY_REQUESTS;
                count_attempt(transit, None, false);
                Step::answer(Failure::FaultInjected { status, fault, retry_after: Some(retry_after) })
            }
        }
    }
}
