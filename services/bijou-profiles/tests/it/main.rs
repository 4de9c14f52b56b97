//! Profiles on real sockets, with a clock the tests move; what touches the store runs on both databases.

mod admissions;
mod contract;
mod going_on;
mod history;
mod jobs;
mod kept;
mod positions;
mod profiles;
mod shelf;
mod world;
