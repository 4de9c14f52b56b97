//! Who is there and how they are: the registry's leases beside what each instance says of itself.

mod health;
mod view;

pub use health::{HealthBook, watch};
pub use view::{InstancesView, instances};
