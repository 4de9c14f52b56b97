//! The console from outside: roles deliver, operators look.

mod archive;
mod audit;
mod checks;
mod contracts;
mod control;
mod deliver;
mod doctor;
mod explain;
mod explorer;
mod faults;
mod instances;
mod live;
mod metrics;
mod operator;
mod overview;
mod sessions;
mod sign_in;
mod support;
