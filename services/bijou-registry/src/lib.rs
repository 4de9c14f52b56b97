//! The registry: leases of service instances, spoken in Eureka's REST.
