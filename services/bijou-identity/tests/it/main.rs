//! Identity on real sockets, with a clock the tests move; what touches the store runs on both databases.

mod accounts;
mod clients;
mod contract;
mod guessing;
mod keys;
mod refresh;
mod sessions;
mod world;
