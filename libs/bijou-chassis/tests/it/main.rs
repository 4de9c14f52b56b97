//! The chassis as callers see it: a small service on real sockets.

mod answers;
mod calls;
mod control;
mod events;
mod life;
mod passports;
mod probes;
mod service;
mod traces;
