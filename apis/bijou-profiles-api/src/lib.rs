//! Wire types and client of profiles.
//!
//! Four callers in Rust: the console asks what a profile may see ([`Profiles::diagnosis`]), identity asks who may become whom ([`Profiles::admit`]), recommendations for what a page is made
//! of ([`Profiles::shelf`]), playback for where to go on ([`Profiles::position`]). Readers ignore members they do not know,
//! so profiles may add some. What only screens use (managing profiles, history, exports) has its types in the service. How long a caller waits is
//! in the `CallContext` it calls with.

mod admission;
mod client;
mod diagnosis;
pub mod events;
mod position;
mod shelf;

pub use admission::{Admission, AdmissionRequest, Refusal};
pub use client::{Profiles, ShelfAnswer};
pub use diagnosis::ProfileDiagnosis;
pub use position::{Position, PositionReport, PositionState};
pub use shelf::{ContinueItem, ListItem, Recent, Shelf, ShelfProfile, Thumb, ThumbItem};

/// The application name in the registry.
pub const APPLICATION: &str = "PROFILES";
