//! Rules on plain values: no HTTP, no SQL, no clock.

pub(crate) mod card;
pub(crate) mod cursor;
pub(crate) mod explain;
pub(crate) mod orders;
pub(crate) mod page;
pub(crate) mod personal;
pub(crate) mod plays;
pub(crate) mod reason;
pub(crate) mod row;
pub(crate) mod scores;
pub(crate) mod similar;
pub(crate) mod taste;
