//! Who is there and how they are: the registry's leases beside what each instance says of itself.

pub mod comings;
pub mod control;
pub mod explanation;
mod health;
mod view;

pub use control::ADMIN_PORT;
pub use health::{HealthBook, OURS, born_ms, watch};
pub use view::{InstanceView, InstancesView, instances};
