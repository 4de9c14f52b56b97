//! `/v1/me`: what is about the profile of the token.

pub(crate) mod going_on;
pub(crate) mod history;
pub(crate) mod list;
pub(crate) mod picks;
pub(crate) mod positions;
pub(crate) mod shelf;
pub(crate) mod thumbs;
