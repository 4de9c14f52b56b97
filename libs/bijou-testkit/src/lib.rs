//! Test support: databases, a registry double, contract checks, condition waits.
