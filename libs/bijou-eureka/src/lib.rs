//! Eureka v2 wire, registration and discovery snapshots.
