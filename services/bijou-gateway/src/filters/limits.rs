//! How much a request may bring: a body that says it is too large is refused before a byte of it is read.
//!
//! Bodies that do not say are counted as they stream ([`crate::body`]); heads were measured by the framing guard; time is
//! kept by the deadline and by housekeeping ([`crate::link`]).

use crate::failure::Failure;
use crate::filter::{InboundFilter, Step};
use crate::transit::Transit;

#[derive(Debug)]
pub(super) struct Limits;

impl InboundFilter for Limits {
    fn name(&self) -> &'static str {
        "limits"
    }

    fn inbound<'a>(&'a self, transit: &'a mut Transit) -> Step<'a> {
        let Some(bytes_max) = transit.route().map(|route| route.body_bytes_max) else { return Step::CONTINUE };
        if transit.announced_bytes().is_some_and(|bytes| bytes > bytes_max) {
            return Step::answer(Failure::BodyTooLarge { bytes_max });
        }
        Step::CONTINUE
    }
}
