//! Identity on real sockets, with a clock the tests move; what touches the store runs on both databases.

mod accounts;
mod clients;
mod contract;
mod devices;
mod diagnoses;
mod erasures;
mod exchange;
mod guessing;
mod house;
mod keys;
mod makers;
mod operators;
mod partners;
mod profiles_away;
mod refresh;
mod sessions;
mod spans;
mod world;
