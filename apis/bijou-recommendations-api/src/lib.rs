//! Wire types and client of recommendations.
//!
//! One caller in Rust: the console asks why a title is or is not recommended ([`Recommendations::diagnosis`]). What only screens
//! use (home, similar titles, explanations) has its types in the service. Readers ignore members they do not know, so
//! recommendations may add some. How long a caller waits is in the `CallContext` it calls with.

mod client;
mod diagnosis;

pub use client::Recommendations;
pub use diagnosis::{Done, TitleDiagnosis};

/// The application name in the registry.
pub const APPLICATION: &str = "RECOMMENDATIONS";
