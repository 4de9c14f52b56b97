//! The gateway: the platform's front door, in Zuul's role.
//!
//! # Life of a request
//!
//! A connection lands on one of the workers ([`worker`]): one thread per core with a runtime of its own, its own
//! connections to instances, its own caches and counters. Nothing is shared while a request is carried; configuration
//! and the registry's picture are immutable and swapped by pointer.
//!
//! Its bytes pass the framing guard ([`framing`]) on their way to hyper, so that no two parsers can read them in two
//! ways. The request becomes a [`Transit`] and passes the inbound filters ([`filters`], in printed order), one endpoint
//! ([`forward`] for services, [`platform`] and [`assets`] for what is the gateway's own), and the outbound filters.
//! Filters of one's own use the same interface ([`filter`]).
//!
//! [`forward`] makes attempts under one deadline: [`balance`] chooses an instance, [`upstream`] carries the request
//! there. When the answer's last byte is handed over, the request is counted, logged, and told as a story ([`story`]),
//! of which spans are made.
//!
//! # What is deliberately absent
//!
//! Business words; a store; TLS and HTTP/3 (later, in front of the same code); a response cache; any setting that does
//! nothing.

mod admin;
mod assets;
mod authenticate;
mod balance;
mod body;
mod chain;
mod clock;
mod compress;
pub mod config;
mod explain;
mod failure;
pub mod filter;
mod filters;
mod forward;
mod framing;
mod gateway;
mod keys;
mod link;
mod listener;
mod passport;
mod path;
mod platform;
mod reload;
mod reply;
mod routes;
mod run;
mod shared;
mod spans;
mod stats;
mod story;
mod transit;
mod tunnel;
mod upstream;
mod worker;

pub use authenticate::Identity;
pub use chain::{ChainError, Order};
pub use failure::{Category, Failure};
pub use gateway::{Gateway, KeySourceBox, Setup, StartError};
pub use listener::ListenError;
pub use reply::Reply;
pub use run::{run, run_with};
pub use transit::Transit;

/// The role, as the registry and the configuration name it.
pub const ROLE: &str = "gateway";

/// Every setting of the platform with its default; the gateway's are in the section `[gateway]`.
pub const DEFAULT_SETTINGS: &str = include_str!("../../../config/bijou.toml");
