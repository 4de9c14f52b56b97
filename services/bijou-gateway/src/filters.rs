//! The built-in filters and their order. The order is the policy: it is printed at start and shown at `/filters`.
//!
//! Inbound:
//! 1. `normalise-path`: match, policy and forwarded path become the same string, or the request is refused
//! 2. `strip-headers`: what only the gateway may say, what hops say to each other, and what spoofs either
//! 3. `trace`: the caller's trace is continued, its sampling decision is not
//! 4. `preflight`: whether a page of another origin may make a call, which browsers ask before they let it
//! 5. `route`: who answers
//! 6. `authenticate`: who is asking
//! 7. `authorise`: may they
//! 8. `rate-limit`: how often
//! 9. `limits`: how much
//! 10. `passport`: what the service is told about them
//! 11. `authorizer`: an outside opinion, where the route wants one
//! 12. `faults`: what an operator has broken on purpose
//!
//! Outbound: `strip-answer`, `rate-limit-fields`, `compress`, `security-headers`, `allow-origins`, `report`.

mod authorise;
mod authorizer;
mod cross_origin;
mod faults;
mod limits;
mod normalise;
mod outbound;
mod rate_limit;
mod route;
mod strip;
mod trace;

use std::sync::Arc;

use crate::authenticate::Authenticate;
use crate::compress::Compress;
use crate::filter::{InboundFilter, OutboundFilter};
use crate::passport::MintPassport;

pub(crate) use authorise::{Asking, decide};
pub(crate) use normalise::one_path;
pub(crate) use rate_limit::RateLimiter;
pub(crate) use route::{Found, find};

/// The built-in inbound filters in their order.
pub(crate) fn inbound(limiter: Arc<RateLimiter>) -> Vec<Arc<dyn InboundFilter>> {
    vec![
        Arc::new(normalise::NormalisePath),
        Arc::new(strip::StripHeaders),
        Arc::new(trace::Trace),
        Arc::new(cross_origin::Preflight),
        Arc::new(route::FindRoute),
        Arc::new(Authenticate),
        Arc::new(authorise::Authorise),
        Arc::new(rate_limit::RateLimit(limiter)),
        Arc::new(limits::Limits),
        Arc::new(MintPassport),
        Arc::new(authorizer::AskAuthorizer),
        Arc::new(faults::SufferFaults),
    ]
}

/// The built-in outbound filters in their order.
pub(crate) fn outbound() -> Vec<Arc<dyn OutboundFilter>> {
    vec![
        Arc::new(outbound::StripAnswer),
        Arc::new(rate_limit::RateLimitFields),
        Arc::new(Compress),
        Arc::new(outbound::SecurityHeaders),
        Arc::new(cross_origin::AllowOrigins),
        Arc::new(outbound::Report),
    ]
}
