//! What every role has: start and stop, probes, passport check, limits, registration.
