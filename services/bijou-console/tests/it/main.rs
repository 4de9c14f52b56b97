//! The console from outside: roles deliver, operators look.

mod audit;
mod contracts;
mod deliver;
mod instances;
mod live;
mod operator;
mod support;
