//! The registry: leases of service instances, spoken in Eureka's REST.

mod clock;
mod leases;
