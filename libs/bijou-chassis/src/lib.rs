//! What every role has: start and stop, probes, passport check, limits, registration.
//!
//! A service gives [`run()`] a function that turns a [`Context`] (the platform as it sees it) into a [`Service`] (its
//! routes and what runs beside them). The chassis does the rest, in an order that is tested (`lifecycle.rs`):
//! settings -> logging -> data folder -> bind -> build -> serve -> wait until ready -> register; and on the way down
//! deregister -> drain -> finish requests -> end tasks -> close.
//!
//! Around every handler lie two layers. `answer.rs` gives the request its id and span and finishes every answer: errors
//! of all kinds, panics included, become problem details with that id and are logged once. `admit.rs` lets a request
//! in: room, deadline, passport, length. Handlers take what is verified by the extractors here ([`Caller`],
//! [`RequestContext`], [`Json`], [`Query`], [`Path`], [`Form`]) and refuse with [`Reject`].
//!
//! Beside the service's routes a role answers probes (`probes.rs`), and the console under `/-/` (`control.rs`,
//! `faults.rs`).
//!
//! It composes and owns no mechanism: balancing, breakers, leases, signatures, SQL and OTLP are other crates'. It knows
//! no business word. Roles with listeners of their own (gateway, registry) do without [`run()`] and use the parts:
//! [`bind()`], [`serve()`], [`prepare_data_folder`], [`instance_entry`], [`export_all`].

mod admit;
mod announcement;
mod answer;
mod assets;
mod bind;
mod bootstrap;
mod context;
mod control;
mod data_folder;
mod edges;
mod error;
mod events;
mod export;
mod extract;
mod faults;
mod instance;
mod keys;
mod lifecycle;
mod metrics;
mod passport;
mod probes;
mod readiness;
mod reject;
pub mod request_id;
mod run;
mod serve;
mod service;
mod settings;
mod unread;

pub use announcement::Announcement;
pub use answer::{answer_openly, note_person};
pub use assets::{Asset, Assets};
pub use bind::bind;
pub use bootstrap::{Bootstrap, Reload};
pub use context::Context;
pub use control::routes_of_runner as control_routes;
pub use data_folder::prepare as prepare_data_folder;
pub use error::ChassisError;
pub use export::export_all;
pub use extract::{Caller, Form, Json, Path, Query, RequestContext, read_body};
pub use faults::fault_routes;
pub use instance::entry as instance_entry;
pub use readiness::{Check, Condition, Readiness, Report};
pub use reject::{BoxError, Reject};
pub use run::run;
pub use serve::serve;
pub use service::Service;
pub use settings::{Limits, RoleSettings, StopSettings, registry_dial};
